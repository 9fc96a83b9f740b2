using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Cartwright.Cli.Tests.House;

/// <summary>Cli → Server → Storage → Commerce → Learning, never back; slices meet in the shared rooms alone.</summary>
public sealed partial class ArchitectureTests
{
    /// <summary>From the bottom up: each may use what stands before it.</summary>
    private static readonly string[] House = ["Learning", "Commerce", "Storage", "Server", "Cli"];

    private static readonly string[] SharedRooms = ["Catalog", "Runs", "Evaluation", "Access", "Tables", "Simulation"];

    private static readonly HashSet<string> ShopWords =
    [
        "shop", "shops", "shopper", "shoppers", "basket", "baskets", "merchant", "merchants", "catalog", "catalogs", "purchase",
        "purchases", "customer", "customers", "price", "prices", "sku", "checkout", "commerce",
    ];

    public static TheoryData<string> Projects => [.. House];

    [Theory, MemberData(nameof(Projects))]
    public void A_project_references_only_projects_below_it(string project)
    {
        string file = Checkout.At("src", $"Cartwright.{project}", $"Cartwright.{project}.csproj");

        IEnumerable<string> referenced = XDocument.Load(file).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')));

        Assert.All(referenced, name => Assert.Contains(name, House.TakeWhile(below => below != project).Select(below => "Cartwright." + below)));
    }

    [Fact]
    public void Assemblies_use_only_assemblies_below_them()
    {
        Assembly[] assemblies =
        [
            typeof(Commerce.Catalog.Product).Assembly, typeof(Storage.Shop).Assembly,
            typeof(Server.ServeOptions).Assembly, typeof(CommandLine).Assembly,
        ];

        foreach (Assembly assembly in assemblies)
        {
            string name = assembly.GetName().Name == "cartwright" ? "Cli" : assembly.GetName().Name!.Split('.')[1];
            string[] below = [.. House.TakeWhile(other => other != name).Select(other => "Cartwright." + other)];
            IEnumerable<string> used = assembly.GetReferencedAssemblies().Select(other => other.Name!).Where(other => other.StartsWith("Cartwright.", StringComparison.Ordinal));
            Assert.All(used, other => Assert.Contains(other, below));
        }
    }

    [Fact]
    public void Slices_know_the_shared_rooms_and_never_each_other()
    {
        string[] rooms = [.. Directory.EnumerateDirectories(Checkout.At("src", "Cartwright.Commerce")).Select(folder => Path.GetFileName(folder)).Where(room => room is not ("bin" or "obj"))];
        string[] slices = [.. rooms.Except(SharedRooms)];
        var trespasses = new List<string>();

        foreach (string room in rooms)
        {
            string others = string.Join('|', slices.Where(slice => slice != room));
            var mention = new Regex($@"\bCommerce\.({others})\b|(?<![\w.""<>/])({others})\.[A-Z]\w+");
            trespasses.AddRange(Checkout.Files($"src/Cartwright.Commerce/{room}", "*.cs")
                .SelectMany(file => File.ReadLines(Checkout.At(file)).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && mention.IsMatch(line))
                    .Select(line => $"{file}: {line.Trim()}")));
        }

        Assert.Contains("Recommendation", slices);
        Assert.Empty(trespasses);
    }

    [Fact]
    public void A_file_says_the_namespace_of_its_folder()
    {
        string[] strangers = [.. House.SelectMany(project => Checkout.Files($"src/Cartwright.{project}", "*.cs"))
            .Select(file => (file, said: NamespaceLine().Match(File.ReadAllText(Checkout.At(file))).Groups["name"].Value))
            .Where(pair => pair.said.Length > 0 && !IsNamespaceOf(pair.said, pair.file))
            .Select(pair => $"{pair.file} says {pair.said}")];

        Assert.Empty(strangers);
    }

    [Fact]
    public void Learning_knows_no_shop_word()
    {
        string[] found = [.. Checkout.Files("src/Cartwright.Learning", "*.cs")
            .SelectMany(file => File.ReadLines(Checkout.At(file)).Select((line, i) => (file, line, number: i + 1)))
            .SelectMany(at => Words().Matches(at.line).Select(word => word.Value.ToLowerInvariant()).Where(ShopWords.Contains)
                .Select(word => $"{at.file}:{at.number}: {word}"))];

        Assert.Empty(found);
    }

    [Fact]
    public void No_source_file_has_more_than_400_lines_of_code()
    {
        string[] large = [.. Checkout.Files("src", "*.*").Where(file => Path.GetExtension(file) is ".cs" or ".razor" or ".js" or ".css")
            .Select(file => (file, lines: File.ReadLines(Checkout.At(file)).Count(line => !Blank().IsMatch(line))))
            .Where(pair => pair.lines > 400)
            .Select(pair => $"{pair.file}: {pair.lines}")];

        Assert.Empty(large);
    }

    [Fact]
    public void No_folder_is_named_after_plumbing()
    {
        string[] plumbing = [.. Checkout.Files("src", "*.*").Concat(Checkout.Files("tests", "*.cs"))
            .Where(file => file.Split(Path.DirectorySeparatorChar)
                .Any(part => part.ToLowerInvariant() is "util" or "utils" or "helper" or "helpers" or "common" or "manager" or "managers" or "misc" or "shared"))];

        Assert.Empty(plumbing);
    }

    /// <summary>An attribute or a record that all rooms use may stand in the project's own namespace.</summary>
    private static bool IsNamespaceOf(string said, string file)
    {
        string folder = Path.GetDirectoryName(file)!.Replace(Path.DirectorySeparatorChar, '.')["src.".Length..];
        return said == folder || folder.StartsWith(said + ".", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    /// <summary>Words, also those inside a name: ShopperId has Shopper and Id.</summary>
    [GeneratedRegex("[A-Z]?[a-z]+")]
    private static partial Regex Words();

    [GeneratedRegex(@"^\s*(//.*)?$")]
    private static partial Regex Blank();
}
