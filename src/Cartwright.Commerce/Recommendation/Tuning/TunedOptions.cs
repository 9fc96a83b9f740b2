using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>The options of a model that a request may give and a search may choose: those marked <see cref="TunedAttribute"/>.</summary>
public abstract class TunedOptions
{
    private protected TunedOptions(JsonTypeInfo type) => Axes = [.. type.Properties.Select(OptionAxis.Of).OfType<OptionAxis>()];

    /// <summary>What can be chosen, in the order of the record.</summary>
    internal IReadOnlyList<OptionAxis> Axes { get; }

    /// <summary>True for a model that knows no order: where validation steps are few, more are held out to choose by.</summary>
    internal bool HoldsOutMore { get; init; }

    /// <summary>Passes where all of them are options, with values that they take.</summary>
    /// <exception cref="ValidationException">One is not; it says which and what is allowed.</exception>
    internal abstract void Require(IReadOnlyList<string> given);
}

/// <inheritdoc cref="TunedOptions"/>
internal sealed class TunedOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(T defaults, JsonTypeInfo<T> type) : TunedOptions(type)
    where T : class
{
    /// <summary>The record with what is given; null where nothing is.</summary>
    /// <param name="given">"name=value" each.</param>
    /// <exception cref="ValidationException">One of them is no option, or has a value that it does not take.</exception>
    public T? Read(IReadOnlyList<string>? given) => given is { Count: > 0 } ? Read(given, defaults) : null;

    /// <inheritdoc cref="Read(IReadOnlyList{string}?)"/>
    /// <param name="start">What an option that is not given is.</param>
    public T Read(IReadOnlyList<string> given, T start)
    {
        JsonObject members = JsonSerializer.SerializeToNode(start, type)!.AsObject();
        foreach (string option in given)
        {
            string[] parts = option.Split('=', 2);
            string name = parts[0].Trim();
            if (parts.Length != 2)
            {
                throw new ValidationException($"'{option}' gives no option. Write name=value, as in '{Axes[0].Name}={Axes[0].Example}'.");
            }

            NearMiss.Require("option", name, [.. Axes.Select(axis => axis.Name)]);
            OptionAxis axis = Axes.First(axis => axis.Name == name);
            members[axis.Member] = axis.Parse(parts[1].Trim());
        }

        T read = members.Deserialize(type)!;
        RequestValidation.Validate(read);
        return read;
    }

    internal override void Require(IReadOnlyList<string> given) => Read(given);
}

/// <summary>One option that can be chosen.</summary>
/// <param name="Name">As in a request: "regularization".</param>
/// <param name="Member">As in the record's JSON.</param>
/// <param name="Choices">Names and numbers of an enumeration's values; empty for a number.</param>
internal sealed record OptionAxis(string Name, string Member, Type Type, TunedAttribute Bounds, IReadOnlyList<(string Name, int Number)> Choices)
{
    private bool IsInteger => Type == typeof(int);

    /// <summary>A value that it takes.</summary>
    public string Example => Write(0.5);

    /// <returns>Null for a property that is not marked.</returns>
    public static OptionAxis? Of(JsonPropertyInfo property)
    {
        if (property.AttributeProvider?.GetCustomAttributes(typeof(TunedAttribute), inherit: true) is not [TunedAttribute bounds])
        {
            return null;
        }

        IReadOnlyList<(string, int)> choices = property.PropertyType.IsEnum
            ? [.. Enum.GetNames(property.PropertyType).Select(name => (JsonNamingPolicy.CamelCase.ConvertName(name), Convert.ToInt32(Enum.Parse(property.PropertyType, name), CultureInfo.InvariantCulture)))]
            : [];
        return new OptionAxis(JsonNamingPolicy.CamelCase.ConvertName(property.Name), property.Name, property.PropertyType, bounds, choices);
    }

    /// <exception cref="ValidationException">It is no value of this option.</exception>
    public JsonNode Parse(string text)
    {
        if (Choices.Count > 0)
        {
            NearMiss.Require(Name, text, [.. Choices.Select(choice => choice.Name)]);
            return Choices.First(choice => choice.Name == text).Number;
        }

        if (IsInteger && int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int whole))
        {
            return whole;
        }

        return !IsInteger && float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float number) && float.IsFinite(number) ? number
            : throw new ValidationException($"The option {Name} was '{text}'; it takes {(IsInteger ? "a whole number" : "a number")}.");
    }

    /// <summary>The value at a place of the axis, to three digits.</summary>
    /// <param name="place">0 to 1.</param>
    public string Write(double place)
    {
        if (Choices.Count > 0)
        {
            return Choices[Math.Min((int)(place * Choices.Count), Choices.Count - 1)].Name;
        }

        double value = Bounds.IsLogarithmic ? Bounds.From * Math.Pow(Bounds.To / Bounds.From, place) : Bounds.From + (place * (Bounds.To - Bounds.From));
        double rounded = double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return (IsInteger ? Math.Round(rounded) : rounded).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Where a value stands on the axis, 0 to 1; the number of a choice.</summary>
    public double Place(string text)
    {
        if (Choices.Count > 0)
        {
            return Choices.ToList().FindIndex(choice => choice.Name == text);
        }

        double value = double.Parse(text, CultureInfo.InvariantCulture);
        return Math.Clamp(Bounds.IsLogarithmic ? Math.Log(value / Bounds.From) / Math.Log(Bounds.To / Bounds.From) : (value - Bounds.From) / (Bounds.To - Bounds.From), 0, 1);
    }
}
