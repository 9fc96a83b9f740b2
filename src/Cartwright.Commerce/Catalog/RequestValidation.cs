using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Cartwright.Commerce.Catalog;

/// <summary>Checks request records by their data annotations where they enter: in the library's verbs, so behind every door.</summary>
/// <remarks>
/// Reads the public properties of the type it is given, and none of others, so it works in trimmed programs. A record inside
/// a request checks itself (<see cref="IValidatableObject"/>).
/// </remarks>
public static class RequestValidation
{
    /// <summary>Longest text of a field that says nothing else, in characters.</summary>
    public const int MaxTextLength = 4096;

    private const int MaxErrors = 20;

    private static readonly ConcurrentDictionary<Type, Field[]> FieldsByType = new();

    /// <summary>Checks a record and the records inside it.</summary>
    /// <param name="clock">What "now" is, for fields that may not lie in the future; the system's where none is given.</param>
    /// <exception cref="InvalidRequestException">Fields break rules; it names each.</exception>
    public static void Validate<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TRequest>(
        TRequest request, TimeProvider? clock = null)
        where TRequest : class
        => Validate(request, typeof(TRequest), clock);

    /// <summary>The same for a record inside a request, which says for itself where it stands.</summary>
    /// <param name="path">Where: "pipeline.rules[2]".</param>
    /// <exception cref="InvalidRequestException">Fields break rules; it names each with its path.</exception>
    internal static void ValidateAt<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TRecord>(TRecord record, string path)
        where TRecord : class
        => Validate(record, typeof(TRecord), TimeProvider.System, path + ".");

    /// <inheritdoc cref="Validate{TRequest}(TRequest, TimeProvider)"/>
    /// <param name="type">The record's type.</param>
    public static void Validate(object request,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] Type type, TimeProvider? clock = null)
        => Validate(request, type, clock ?? TimeProvider.System, "");

    private static void Validate(object request,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] Type type, TimeProvider clock, string prefix)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!FieldsByType.TryGetValue(type, out Field[]? fields))
        {
            fields = FieldsOf(type);
            FieldsByType[type] = fields;
        }

        Dictionary<string, List<string>>? errors = null;
        foreach (Field field in fields)
        {
            Check(request, field, prefix + field.Name, clock, ref errors);
        }

        CheckItself(request, prefix, clock, ref errors);
        if (errors is not null)
        {
            throw new InvalidRequestException(errors.ToDictionary(e => e.Key, e => e.Value.ToArray(), StringComparer.Ordinal));
        }
    }

    /// <summary>What a range takes, in words: "1 to 100".</summary>
    public static string Words(RangeAttribute range) => string.Create(CultureInfo.InvariantCulture,
        $"{(range.MinimumIsExclusive ? "more than " : "")}{range.Minimum:#,0.######} to {(range.MaximumIsExclusive ? "less than " : "")}{range.Maximum:#,0.######}");

    private static void Check(object request, Field field, string name, TimeProvider clock, ref Dictionary<string, List<string>>? errors)
    {
        object? value = field.Property.GetValue(request);
        foreach (ValidationAttribute rule in field.Rules)
        {
            if (value is null && rule is not RequiredAttribute)
            {
                continue;
            }

            if (rule.RequiresValidationContext)
            {
                // Such a rule words its own refusal.
                if (rule.GetValidationResult(value, ContextOf(request, name, clock)) is { ErrorMessage: { } refusal })
                {
                    Add(ref errors, name, refusal);
                }
            }
            else if (!rule.IsValid(value))
            {
                Add(ref errors, name, rule is RangeAttribute range
                    ? string.Create(CultureInfo.InvariantCulture, $"The field {name} was {value}; it takes {Words(range)}.")
                    : rule.FormatErrorMessage(name));
            }
        }

        switch (value)
        {
            case string text:
                CheckLength(text, name, field.MaxLength, ref errors);
                break;
            case IEnumerable list and not IDictionary:
                CheckList(list, name, clock, ref errors);
                break;
            case not null:
                CheckItself(value, name + ".", clock, ref errors);
                break;
        }
    }

    private static void CheckList(IEnumerable list, string name, TimeProvider clock, ref Dictionary<string, List<string>>? errors)
    {
        int i = 0;
        foreach (object? item in list)
        {
            if (errors?.Count >= MaxErrors)
            {
                return;
            }

            if (item is null)
            {
                Add(ref errors, $"{name}[{i}]", $"{name}[{i}] is null; give a value or leave it out.");
            }
            else if (item is string text)
            {
                CheckLength(text, $"{name}[{i}]", MaxTextLength, ref errors);
            }
            else
            {
                CheckItself(item, $"{name}[{i}].", clock, ref errors);
            }

            i++;
        }
    }

    private static void CheckLength(string text, string name, int most, ref Dictionary<string, List<string>>? errors)
    {
        if (text.Length > most)
        {
            Add(ref errors, name, string.Create(CultureInfo.InvariantCulture,
                $"The field {name} has {text.Length:N0} characters; at most {most:N0} are taken."));
        }
    }

    /// <summary>Most refusals begin with the field, "price is -1", and take what it is in before them; a sentence of its own words stands behind it.</summary>
    private static string Told(string prefix, string refusal) =>
        prefix.Length > 0 && refusal.Length > 0 && char.IsUpper(refusal[0]) ? $"{prefix.TrimEnd('.')}: {refusal.TrimEnd('.')}" : prefix + refusal.TrimEnd('.');

    private static void CheckItself(object record, string prefix, TimeProvider clock, ref Dictionary<string, List<string>>? errors)
    {
        if (record is not IValidatableObject validatable)
        {
            return;
        }

        foreach (ValidationResult result in validatable.Validate(ContextOf(record, record.GetType().Name, clock)))
        {
            string member = result.MemberNames.FirstOrDefault() ?? "";
            Add(ref errors, (prefix + JsonNamingPolicy.CamelCase.ConvertName(member)).TrimEnd('.'), $"{Told(prefix, result.ErrorMessage ?? "")}.");
        }
    }

    private static ValidationContext ContextOf(object target, string name, TimeProvider clock) => new(target, name, new Clock(clock), items: null);

    private static void Add(ref Dictionary<string, List<string>>? errors, string field, string message)
    {
        errors ??= new Dictionary<string, List<string>>(StringComparer.Ordinal);
        if (errors.TryGetValue(field, out List<string>? messages))
        {
            messages.Add(message);
        }
        else if (errors.Count < MaxErrors)
        {
            errors.Add(field, [message]);
        }
    }

    // A record with rules of its own says in them how long its texts may be.
    private static Field[] FieldsOf([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] Type type) =>
        typeof(IValidatableObject).IsAssignableFrom(type)
            ? []
            : [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.CanRead && property.GetIndexParameters().Length == 0)
                .Select(property => new Field(property))];

    private sealed class Field(PropertyInfo property)
    {
        public PropertyInfo Property { get; } = property;

        public string Name { get; } = JsonNamingPolicy.CamelCase.ConvertName(property.Name);

        public ValidationAttribute[] Rules { get; } = [.. property.GetCustomAttributes<ValidationAttribute>(inherit: true)];

        public int MaxLength { get; } = property.IsDefined(typeof(StringLengthAttribute), inherit: true) ? int.MaxValue : MaxTextLength;
    }

    private sealed class Clock(TimeProvider clock) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(TimeProvider) ? clock : null;
    }
}
