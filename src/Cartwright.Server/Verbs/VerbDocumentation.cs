using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Cartwright.Server.Verbs;

/// <summary>Reads what the doc comments of records and their fields say: the one source of CLI help and OpenAPI descriptions.</summary>
/// <remarks>From the <c>.xml</c> that lies beside each assembly. Where it is missing, there is no description.</remarks>
public static partial class VerbDocumentation
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> Members = new();

    /// <summary>What a record is for, in a sentence; empty where nothing is said.</summary>
    public static string Summary(Type type) => Text(Find(type, "T:" + Name(type))?.Element("summary"), type);

    /// <summary>What a field means, its unit and range; empty where nothing is said.</summary>
    public static string Summary(PropertyInfo property)
    {
        Type type = property.DeclaringType!;
        string own = Text(Find(type, $"P:{Name(type)}.{property.Name}")?.Element("summary"), type);
        if (own.Length > 0)
        {
            return own;
        }

        // A positional record says it in a param of its constructor or of the type.
        XElement? ofType = Find(type, "T:" + Name(type));
        return Text(ofType?.Elements("param").FirstOrDefault(p => (string?)p.Attribute("name") == property.Name), type);
    }

    /// <summary>The worked command line in a record's <c>example</c> tag; empty where none is given.</summary>
    public static string Example(Type type) => Text(Find(type, "T:" + Name(type))?.Element("example"), type);

    private static XElement? Find(Type type, string key)
    {
        Dictionary<string, XElement> members = Members.GetOrAdd(type.Assembly, Read);
        if (!members.TryGetValue(key, out XElement? member))
        {
            return null;
        }

        string? inherited = (string?)member.Element("inheritdoc")?.Attribute("cref");
        return inherited is not null && members.TryGetValue(inherited, out XElement? source) ? source : member;
    }

    private static Dictionary<string, XElement> Read(Assembly assembly)
    {
        string file = Path.ChangeExtension(Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".dll"), ".xml");
        return File.Exists(file)
            ? XDocument.Load(file).Descendants("member").DistinctBy(m => (string)m.Attribute("name")!)
                .ToDictionary(m => (string)m.Attribute("name")!, StringComparer.Ordinal)
            : [];
    }

    private static string Name(Type type) => type.FullName!.Split('[')[0].Replace('+', '.');

    private static string Text(XElement? element, Type type)
    {
        if (element is null)
        {
            return "";
        }

        IEnumerable<string> parts = element.Nodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" or "paramref" or "seealso" } reference => Reference(reference),
            XElement inner => inner.Value,
            _ => "",
        });
        return Spaces().Replace(string.Concat(parts), " ").Trim();
    }

    private static string Reference(XElement reference)
    {
        string target = (string?)reference.Attribute("langword") ?? (string?)reference.Attribute("name")
            ?? (string?)reference.Attribute("cref") ?? "";
        string word = target.Split('(')[0].Split('.', ':')[^1];
        return target.StartsWith("P:", StringComparison.Ordinal) || reference.Name.LocalName == "paramref"
            ? System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(word)
            : word;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
