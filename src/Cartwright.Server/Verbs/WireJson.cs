using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Cartwright.Commerce;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Server.Verbs;

/// <summary>How records are written as JSON: camelCase, enums as words, money as a decimal string, unknown members refused.</summary>
public static class WireJson
{
    /// <summary>For the command line, stored runs and tests: every field.</summary>
    public static JsonSerializerOptions Options { get; } = Make(overHttp: false);

    /// <summary>For HTTP: fields that hold a path don't exist, and a product's id may stand in the address alone.</summary>
    public static JsonSerializerOptions HttpOptions { get; } = Make(overHttp: true);

    /// <summary>Makes the same choices on options that somebody else created.</summary>
    internal static void Configure(JsonSerializerOptions options, bool overHttp)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DictionaryKeyPolicy = null;
        options.PropertyNameCaseInsensitive = false;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.MaxDepth = 32;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new MoneyConverter());
        IJsonTypeInfoResolver resolver = JsonTypeInfoResolver.Combine(WireJsonContext.Default, new DefaultJsonTypeInfoResolver());
        options.TypeInfoResolver = overHttp ? resolver.WithAddedModifier(LeaveOutPaths) : resolver;
    }

    /// <summary>The field's name as callers write it.</summary>
    public static string Name(MemberInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private static JsonSerializerOptions Make(bool overHttp)
    {
        var options = new JsonSerializerOptions();
        Configure(options, overHttp);
        options.MakeReadOnly();
        return options;
    }

    private static void LeaveOutPaths(JsonTypeInfo type)
    {
        for (int i = type.Properties.Count - 1; i >= 0; i--)
        {
            JsonPropertyInfo property = type.Properties[i];
            if (property.AttributeProvider?.IsDefined(typeof(PathFieldAttribute), inherit: true) == true)
            {
                type.Properties.RemoveAt(i);
            }
            else if (type.Type == typeof(Product) && property.Name == "id")
            {
                property.IsRequired = false;
            }
        }
    }

    /// <summary>Money is written "12.50", so that no reader rounds it, and read from a string or a number.</summary>
    private sealed class MoneyConverter : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.Number)
            {
                return reader.GetDecimal();
            }

            return reader.TokenType == JsonTokenType.String
                && decimal.TryParse(reader.GetString(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture, out decimal value)
                ? value
                : throw new JsonException("Expected a decimal number such as 12.50 or \"12.50\".");
        }

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options)
        {
            Span<byte> text = stackalloc byte[40];
            value.TryFormat(text, out int length, default, CultureInfo.InvariantCulture);
            writer.WriteStringValue(text[..length]);
        }
    }
}
