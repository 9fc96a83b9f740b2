using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Search;

/// <summary>Every click model by name. A new one adds its line here and nowhere else.</summary>
internal static class ClickModels
{
    private static readonly (string Name, Func<IClickModel> Create)[] Lines =
    [
        ("gctr", () => new ClickThroughRate("gctr")),
        ("rctr", () => new ClickThroughRate("rctr")),
        ("dctr", () => new ClickThroughRate("dctr")),
        ("pbm", () => new PositionBasedModel()),
        ("ubm", () => new UserBrowsingModel()),
        ("dbn", () => new DynamicBayesianNetwork()),
        ("sdbn", () => new SimplifiedDynamicBayesianNetwork()),
    ];

    /// <summary>Models, without the baselines.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Lines.Where(line => !line.Create().IsBaseline).Select(line => line.Name)];

    public static IClickModel Create(string name) => Lines.Single(line => line.Name == name).Create();

    /// <summary>The baselines, and one model or all.</summary>
    public static IEnumerable<IClickModel> Asked(string model) =>
        Lines.Select(line => line.Create()).Where(made => made.IsBaseline || model == "all" || made.Name == model);
}

/// <summary>One of <see cref="ClickModels.Names"/>.</summary>
/// <param name="takesAll">Whether "all" names every model.</param>
internal sealed class ClickModelNameAttribute(bool takesAll) : OneOfAttribute("click model")
{
    protected override IReadOnlyCollection<string> Allowed => takesAll ? ["all", .. ClickModels.Names] : ClickModels.Names;
}
