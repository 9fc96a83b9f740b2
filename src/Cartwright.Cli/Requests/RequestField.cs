using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Server.Verbs;

namespace Cartwright.Cli.Requests;

/// <summary>How a field is given on a command line.</summary>
internal enum FieldForm
{
    /// <summary>One word after the option.</summary>
    Value,

    /// <summary>Several words, by repeating the option or by commas.</summary>
    List,

    /// <summary>The option alone says yes; <c>--no-…</c> where the default is yes.</summary>
    Flag,

    /// <summary>Records, which no command line holds: read from a JSON file.</summary>
    File,
}

/// <summary>A property of a request record as the command line sees it: <c>ShopperId</c> is <c>--shopper-id</c>.</summary>
internal sealed class RequestField
{
    private RequestField(PropertyInfo property, object? defaults)
    {
        Property = property;
        IsRequired = property.IsDefined(typeof(RequiredMemberAttribute)) || property.IsDefined(typeof(RequiredAttribute));
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Type? element = ElementOf(type);
        ValueType = element ?? type;
        Form = type == typeof(bool) ? FieldForm.Flag
            : !IsWord(ValueType) ? FieldForm.File
            : element is null ? FieldForm.Value
            : FieldForm.List;
        Default = IsRequired || defaults is null ? null : property.GetValue(defaults);
    }

    public PropertyInfo Property { get; }

    /// <summary>The field's type, or that of a list's elements.</summary>
    public Type ValueType { get; }

    public FieldForm Form { get; }

    public bool IsRequired { get; }

    /// <summary>True where the record itself says that the field may stand without its option's name.</summary>
    public bool IsPositional => Property.GetCustomAttribute<Commerce.PathFieldAttribute>() is { IsPositional: true };

    public object? Default { get; }

    /// <summary>As in JSON: "shopperId".</summary>
    public string JsonName => JsonNamingPolicy.CamelCase.ConvertName(Property.Name);

    /// <summary>As on the command line: "--shopper-id".</summary>
    public string OptionName => "--" + JsonNamingPolicy.KebabCaseLower.ConvertName(Property.Name);

    /// <summary>"--no-in-stock" for a flag that is on by default, else null.</summary>
    public string? OffName => Form == FieldForm.Flag && Default is true ? "--no-" + OptionName[2..] : null;

    public string Summary => VerbDocumentation.Summary(Property);

    /// <summary>What stands behind the option in help: "&lt;number&gt;".</summary>
    public string Placeholder => Form switch
    {
        FieldForm.Flag => "",
        FieldForm.File => "<json file>",
        _ when Property.IsDefined(typeof(Commerce.PathFieldAttribute)) => "<path>",
        _ when ValueType.IsEnum => "<name>",
        _ when IsNumber(ValueType) => "<number>",
        _ => "<text>",
    } + (Form == FieldForm.List ? "[,…]" : "");

    /// <summary>What may be given and what is taken without it: "1 to 100; default 10".</summary>
    public string Limits
    {
        get
        {
            var parts = new List<string>();
            if (IsRequired)
            {
                parts.Add("needed");
            }

            if (ValueType.IsEnum)
            {
                parts.Add(string.Join(", ", EnumWords));
            }

            if (Allowed is { } allowed)
            {
                parts.Add(allowed);
            }

            if (DefaultText is { } text && OffName is null)
            {
                parts.Add("default " + text);
            }

            return string.Join("; ", parts);
        }
    }

    /// <summary>The names that may be typed; of flags, nothing is none of them.</summary>
    public IReadOnlyList<string> EnumWords => [.. Enum.GetNames(ValueType)
        .Where(name => !ValueType.IsDefined(typeof(FlagsAttribute)) || Convert.ToInt64(Enum.Parse(ValueType, name), CultureInfo.InvariantCulture) != 0)
        .Select(JsonNamingPolicy.CamelCase.ConvertName)];

    /// <summary>"1 to 100", "1 to 10 of them", or null where anything goes.</summary>
    public string? Allowed
    {
        get
        {
            RangeAttribute? range = Property.GetCustomAttribute<RangeAttribute>();
            if (range is not null)
            {
                return RequestValidation.Words(range);
            }

            if (Property.GetCustomAttribute<ItemCountAttribute>() is { } items)
            {
                return $"{items.Words} of them";
            }

            int? least = Property.GetCustomAttribute<MinLengthAttribute>()?.Length;
            int? most = Property.GetCustomAttribute<MaxLengthAttribute>()?.Length;
            string unit = Form is FieldForm.List or FieldForm.File ? "of them" : "characters";
            return (least, most) switch
            {
                (null, null) => null,
                (null, { } high) => string.Create(CultureInfo.InvariantCulture, $"at most {high:#,0} {unit}"),
                ({ } low, null) => string.Create(CultureInfo.InvariantCulture, $"at least {low:#,0} {unit}"),
                ({ } low, { } high) => string.Create(CultureInfo.InvariantCulture, $"{low:#,0} to {high:#,0} {unit}"),
            };
        }
    }

    /// <summary>The fields of a record in the order they are declared, those of its base after its own.</summary>
    public static IReadOnlyList<RequestField> Of(Type request)
    {
        object? defaults = request.GetConstructor(Type.EmptyTypes) is null ? null : Activator.CreateInstance(request);
        return [.. request.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is { IsPublic: true })
            .Select(property => new RequestField(property, defaults))];
    }

    internal static bool IsNumber(Type type) => type == typeof(int) || type == typeof(long) || type == typeof(double)
        || type == typeof(float) || type == typeof(decimal);

    private string? DefaultText => Default switch
    {
        null or false or "" => null,
        bool => null,
        Enum name => JsonNamingPolicy.CamelCase.ConvertName(name.ToString()),
        string text => text,
        System.Collections.IEnumerable list => string.Join(',', list.Cast<object>()) is { Length: > 0 } joined ? joined : null,
        IFormattable value => IsNumber(ValueType) ? value.ToString("#,0.######", CultureInfo.InvariantCulture) : value.ToString(null, CultureInfo.InvariantCulture),
        _ => null,                                        // what a record begins with, its own fields say
    };

    private static Type? ElementOf(Type type) => type != typeof(string) && type.IsGenericType
        && type.GetInterfaces().Append(type).Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>))
        && type.GetGenericArguments() is [var element] ? element : null;

    private static bool IsWord(Type type) => type == typeof(string) || type == typeof(bool) || type.IsEnum || IsNumber(type)
        || type == typeof(DateTimeOffset) || type == typeof(DateOnly) || type == typeof(TimeSpan);
}
