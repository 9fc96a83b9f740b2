using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Server.Dashboard;

/// <summary>A pipeline as the fields of a form: what somebody wrote stands there as it was written, with what is wrong beside it.</summary>
/// <remarks>Fields have the names that they have in JSON, "rules[1].strength": so what the verb refuses finds its field.</remarks>
public sealed class PipelineDraft
{
    /// <summary>Fields of the largest form: of as many rules as a pipeline may have.</summary>
    public const int MostFields = 3_000;

    private const int MostRules = 200;
    private const string WeightPrefix = "weights.";
    private const string RulePrefix = "rules[";

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _errors = new(StringComparer.Ordinal);

    /// <summary>How many rules it has.</summary>
    public int RuleCount { get; private set; }

    /// <summary>Which field the cursor is put into; null for none.</summary>
    public string? Focus { get; private set; }

    public bool IsRefused => _errors.Count > 0;

    /// <summary>Models that it weighs, in no order.</summary>
    public IEnumerable<string> Weighed => _texts.Keys.Where(name => name.StartsWith(WeightPrefix, StringComparison.Ordinal)).Select(name => name[WeightPrefix.Length..]);

    public string Text(string name) => _texts.GetValueOrDefault(name, "");

    public string? Error(string name) => _errors.GetValueOrDefault(name);

    /// <summary>What is wrong with fields that the form does not have.</summary>
    public IEnumerable<string> OtherErrors => _errors.Where(error => !IsShown(error.Key)).Select(error => error.Value);

    public static string Rule(int rule, string field) => $"rules[{rule}].{field}";

    public static string Weight(string model) => WeightPrefix + model;

    /// <summary>A pipeline that is there, to be changed.</summary>
    public static PipelineDraft Of(RecommendationPipeline pipeline, string note = "")
    {
        var draft = new PipelineDraft();
        foreach ((string model, double weight) in pipeline.Weights)
        {
            draft.Put(Weight(model), weight);
        }

        draft.Put("ranker", pipeline.Ranker);
        draft.Put("diversity", pipeline.Diversity);
        draft.Put("categoryCap", pipeline.CategoryCap);
        draft.Put("note", note);
        if (pipeline.Exploration is { } exploration)
        {
            draft.Put("exploration.share", exploration.Share);
            draft.Put("exploration.method", WireName(exploration.Method));
            draft.Put("exploration.candidates", exploration.Candidates);
            draft.Put("exploration.temperature", exploration.Temperature);
            draft.Put("exploration.stickyMinutes", exploration.StickyMinutes);
            draft.Put("exploration.seed", exploration.Seed);
        }

        foreach (MerchandisingRule rule in pipeline.Rules)
        {
            draft.PutRule(draft.RuleCount++, rule);
        }

        return draft;
    }

    /// <summary>What was sent.</summary>
    public static PipelineDraft Read(IFormCollection form)
    {
        var draft = new PipelineDraft();
        foreach (string name in form.Keys)
        {
            draft.Put(name, form[name].ToString());
        }

        // Rows beyond the count would be left out of the pipeline without a word.
        int[] rows = [.. form.Keys.Where(name => name.StartsWith(RulePrefix, StringComparison.Ordinal)).Select(RowOf).Distinct().Order()];
        draft.RuleCount = rows.Length;
        if (!int.TryParse(form["rules"], NumberStyles.None, CultureInfo.InvariantCulture, out int count) || !rows.SequenceEqual(Enumerable.Range(0, count)))
        {
            draft.RuleCount = Math.Clamp(rows.LastOrDefault(-1) + 1, 0, MostRules);
            draft.Refuse($"The form says that it has “{form["rules"]}” rules, and {Figures.Count(rows.Length)} came with it, so nothing was changed. Look them through and send it again.");
        }

        return draft;
    }

    /// <summary>Changes the rows: "add", "up-2", "down-2", "remove-2", counted from 0.</summary>
    public void Rearrange(string what)
    {
        _ = int.TryParse(what[(what.IndexOf('-', StringComparison.Ordinal) + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int rule);
        switch (what.Split('-')[0])
        {
            case "add" when RuleCount < MostRules:
                PutRule(RuleCount++, new MerchandisingRule { Id = NewId(), Action = MerchandisingAction.Boost });
                rule = RuleCount - 1;
                break;
            case "up" when rule > 0 && rule < RuleCount:
                Swap(rule, --rule);
                break;
            case "down" when rule < RuleCount - 1:
                Swap(rule, ++rule);
                break;
            case "remove" when rule < RuleCount:
                for (int next = rule + 1; next < RuleCount; next++)
                {
                    Swap(next - 1, next);
                }

                RuleCount--;
                rule = Math.Min(rule, RuleCount - 1);
                break;
        }

        Focus = rule >= 0 && rule < RuleCount ? Rule(rule, "id") : null;
    }

    /// <summary>The pipeline that the fields say; a field that can't be read is noted, and then there is none.</summary>
    /// <param name="shop">Finds products that are named by their titles.</param>
    /// <param name="standing">The pipeline in service: what its rules name may stay though it was removed since.</param>
    public SetPipelineRequest? ToRequest(LiveShop shop, RecommendationPipeline? standing = null)
    {
        HashSet<string> kept = [.. (standing ?? new RecommendationPipeline()).Rules.SelectMany(rule => rule.ProductIds)];
        var rules = new List<MerchandisingRule>(RuleCount);
        for (int i = 0; i < RuleCount; i++)
        {
            rules.Add(ToRule(i, shop, kept));
        }

        var pipeline = new RecommendationPipeline
        {
            Weights = Weighed.Where(model => Text(Weight(model)).Length > 0).ToDictionary(model => model, model => Number(Weight(model), 0), StringComparer.Ordinal),
            Ranker = Or(Text("ranker")),
            Diversity = Number("diversity", 0),
            CategoryCap = Text("categoryCap").Length == 0 ? null : (int)Number("categoryCap", 1, isWhole: true),
            Exploration = Text("exploration.share").Length == 0 ? null : ToExploration(),
            Rules = rules,
        };
        return IsRefused ? null : new SetPipelineRequest { Pipeline = pipeline, Note = Text("note") };
    }

    /// <summary>Puts what the verb refused beside the fields.</summary>
    public void Refuse(InvalidRequestException refused)
    {
        foreach ((string field, string[] messages) in refused.Errors)
        {
            // Beside its field a message need not say where that stands.
            _errors[field.StartsWith("pipeline.", StringComparison.Ordinal) ? field["pipeline.".Length..] : field] =
                PageWords.Of(string.Join(' ', messages).Replace(field, field[(field.LastIndexOf('.') + 1)..], StringComparison.Ordinal));
        }
    }

    /// <summary>Puts what was refused above the form.</summary>
    public void Refuse(string message) => _errors[""] = PageWords.Of(message);

    private MerchandisingRule ToRule(int rule, LiveShop shop, HashSet<string> kept) => new()
    {
        Id = Text(Rule(rule, "id")),
        Action = Enum.TryParse(Text(Rule(rule, "action")), ignoreCase: true, out MerchandisingAction action) ? action : MerchandisingAction.Boost,
        ProductIds = Products(Rule(rule, "productIds"), shop, kept),
        Category = Or(Text(Rule(rule, "category"))),
        Brand = Or(Text(Rule(rule, "brand"))),
        Tag = Or(Text(Rule(rule, "tag"))),
        Attributes = Attributes(Rule(rule, "attributes")),
        Strength = Number(Rule(rule, "strength"), 1),
        Place = (int)Number(Rule(rule, "place"), 1, isWhole: true),
        From = Moment(Rule(rule, "from")),
        Until = Moment(Rule(rule, "until")),
        Enabled = Text(Rule(rule, "enabled")).Length > 0,
    };

    private Exploration ToExploration()
    {
        var usual = new Exploration();
        return new Exploration
        {
            Share = Number("exploration.share", usual.Share),
            Method = Enum.TryParse(Text("exploration.method"), ignoreCase: true, out ExplorationMethod method) ? method : usual.Method,
            Candidates = (int)Number("exploration.candidates", usual.Candidates, isWhole: true),
            Temperature = Number("exploration.temperature", usual.Temperature),
            StickyMinutes = (int)Number("exploration.stickyMinutes", usual.StickyMinutes, isWhole: true),
            Seed = (int)Number("exploration.seed", usual.Seed, isWhole: true),
        };
    }

    private double Number(string name, double otherwise, bool isWhole = false)
    {
        string text = Text(name).Replace(',', '.');
        if (text.Length == 0)
        {
            return otherwise;
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number)
            || (isWhole && (number != Math.Floor(number) || Math.Abs(number) > int.MaxValue)))
        {
            _errors[name] = $"“{Text(name)}” is no {(isWhole ? "whole number" : "number")}. Write it as {(isWhole ? "3" : "0.5")}.";
            return otherwise;
        }

        return number;
    }

    private DateTimeOffset? Moment(string name)
    {
        if (Text(name).Length == 0)
        {
            return null;
        }

        if (!DateTimeOffset.TryParse(Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset moment))
        {
            _errors[name] = $"“{Text(name)}” is no time. Write it as 2026-12-01 08:00.";
            return null;
        }

        return moment;
    }

    private string[] Products(string name, LiveShop shop, HashSet<string> kept) => [.. Text(name).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(named =>
    {
        if (shop.ProductIndex(named) != Snapshot.None || kept.Contains(named))
        {
            return named;
        }

        string[] titled = [.. shop.ListedProducts.Where(product => string.Equals(product.Title, named, StringComparison.OrdinalIgnoreCase)).Select(product => product.Id).Take(2)];
        if (titled.Length != 1)
        {
            _errors[name] = titled.Length == 0
                ? $"There is no product “{named}”. Write its id or its whole title, one product a line."
                : $"Several products are called “{named}”. Write the id of the one that is meant.";
            return named;
        }

        return titled[0];
    }).Distinct(StringComparer.Ordinal)];

    private Dictionary<string, string> Attributes(string name)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in Text(name).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                _errors[name] = $"“{pair}” is no attribute with its value. Write it as color=red, one attribute a line.";
                continue;
            }

            attributes[pair[..equals].Trim()] = pair[(equals + 1)..].Trim();
        }

        return attributes;
    }

    private void PutRule(int rule, MerchandisingRule from)
    {
        Put(Rule(rule, "id"), from.Id);
        Put(Rule(rule, "action"), WireName(from.Action));
        Put(Rule(rule, "productIds"), string.Join('\n', from.ProductIds));
        Put(Rule(rule, "category"), from.Category);
        Put(Rule(rule, "brand"), from.Brand);
        Put(Rule(rule, "tag"), from.Tag);
        Put(Rule(rule, "attributes"), string.Join('\n', from.Attributes.Select(attribute => $"{attribute.Key}={attribute.Value}")));
        Put(Rule(rule, "strength"), from.Strength);
        Put(Rule(rule, "place"), from.Place);
        Put(Rule(rule, "from"), Local(from.From));
        Put(Rule(rule, "until"), Local(from.Until));
        Put(Rule(rule, "enabled"), from.Enabled ? "on" : "");
    }

    private void Swap(int first, int second)
    {
        foreach (string field in RuleFields)
        {
            (_texts[Rule(first, field)], _texts[Rule(second, field)]) = (Text(Rule(second, field)), Text(Rule(first, field)));
        }
    }

    private string NewId()
    {
        int number = RuleCount + 1;
        while (Enumerable.Range(0, RuleCount).Any(rule => Text(Rule(rule, "id")) == $"rule-{number}"))
        {
            number++;
        }

        return $"rule-{number}";
    }

    private static readonly string[] RuleFields = ["id", "action", "productIds", "category", "brand", "tag", "attributes", "strength", "place", "from", "until", "enabled"];

    /// <summary>True for a field that the form shows, with its error beside it.</summary>
    private static bool IsShown(string name) => name is "ranker" or "diversity" or "categoryCap" or "note" or "exploration.share"
        || name.StartsWith(WeightPrefix, StringComparison.Ordinal) || name.StartsWith(RulePrefix, StringComparison.Ordinal);

    /// <summary>2 for "rules[2].strength"; -1 where no row is named.</summary>
    private static int RowOf(string name) => int.TryParse(name.AsSpan(RulePrefix.Length, Math.Max(0, name.IndexOf(']', StringComparison.Ordinal) - RulePrefix.Length)),
        NumberStyles.None, CultureInfo.InvariantCulture, out int row) ? row : -1;

    private void Put(string name, string? text) => _texts[name] = (text ?? "").Trim();

    private void Put(string name, double? number) => Put(name, number?.ToString(CultureInfo.InvariantCulture));

    /// <summary>A moment in UTC as such a field takes it; seconds where there are some.</summary>
    private static string? Local(DateTimeOffset? at) =>
        at?.UtcDateTime.ToString(at.Value.UtcDateTime.Second == 0 ? "yyyy-MM-ddTHH:mm" : "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);

    private static string? Or(string text) => text.Length == 0 ? null : text;

    private static string WireName<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
