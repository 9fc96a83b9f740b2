using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Cartwright.Server.Verbs;

/// <summary>A request that breaks the rules of its record: which fields, and how.</summary>
public sealed class InvalidRequestException(IReadOnlyDictionary<string, string[]> errors)
    : ValidationException(string.Join(' ', errors.Values.SelectMany(messages => messages)))
{
    public InvalidRequestException(string field, string message)
        : this(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] })
    {
    }

    /// <summary>Messages by field, named as callers write it: "interactions[3].price".</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; } = errors;
}

/// <summary>Checks the data annotations of request records, once, where requests enter.</summary>
public static class RequestValidation
{
    /// <summary>Longest text of a field that says nothing else, in characters.</summary>
    public const int MaxTextLength = 4096;

    private const int MaxErrors = 20;

    private static readonly ConcurrentDictionary<Type, Field[]> FieldsByType = new();

    /// <summary>Checks a record and the records inside it.</summary>
    /// <param name="clock">What "now" is, for fields that may not lie in the future; the system's where none is given.</param>
    /// <exception cref="ValidationException">A field breaks a rule; it is an <see cref="InvalidRequestException"/>, which names each.</exception>
    public static void Validate(object request, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        Dictionary<string, List<string>>? errors = null;
        Check(request, "", clock ?? TimeProvider.System, ref errors);
        if (errors is not null)
        {
            throw new InvalidRequestException(errors.ToDictionary(e => e.Key, e => e.Value.ToArray(), StringComparer.Ordinal));
        }
    }

    private static void Check(object target, string prefix, TimeProvider clock, ref Dictionary<string, List<string>>? errors)
    {
        foreach (Field field in FieldsByType.GetOrAdd(target.GetType(), FieldsOf))
        {
            object? value = field.Property.GetValue(target);
            foreach (ValidationAttribute rule in field.Rules)
            {
                if (value is null && rule is not RequiredAttribute)
                {
                    continue;
                }

                if (rule.RequiresValidationContext)
                {
                    // Such a rule words its own refusal.
                    if (rule.GetValidationResult(value, new ValidationContext(target)) is { ErrorMessage: { } refusal })
                    {
                        Add(ref errors, prefix + field.Name, refusal);
                    }
                }
                else if (!rule.IsValid(value))
                {
                    Add(ref errors, prefix + field.Name, rule.FormatErrorMessage(prefix + field.Name));
                }
            }

            switch (value)
            {
                case string text:
                    if (text.Length > field.MaxLength)
                    {
                        Add(ref errors, prefix + field.Name, $"The field {prefix}{field.Name} has {text.Length:N0} characters; at most {field.MaxLength:N0} are taken.");
                    }

                    break;
                case IEnumerable list and not IDictionary when field.IsList:
                    CheckList(list, prefix + field.Name, clock, ref errors);
                    break;
                case not null when field.IsRecord:
                    Check(value, prefix + field.Name + ".", clock, ref errors);
                    break;
            }
        }

        if (target is IValidatableObject validatable)
        {
            var context = new ValidationContext(target, new Clock(clock), items: null);
            foreach (ValidationResult result in validatable.Validate(context))
            {
                string member = result.MemberNames.FirstOrDefault() ?? "";
                Add(ref errors, (prefix + System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(member)).TrimEnd('.'), $"{prefix}{result.ErrorMessage}.");
            }
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
                if (text.Length > MaxTextLength)
                {
                    Add(ref errors, $"{name}[{i}]", $"{name}[{i}] has {text.Length:N0} characters; at most {MaxTextLength:N0} are taken.");
                }
            }
            else if (IsRecord(item.GetType()))
            {
                Check(item, $"{name}[{i}].", clock, ref errors);
            }

            i++;
        }
    }

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
    private static Field[] FieldsOf(Type type) => typeof(IValidatableObject).IsAssignableFrom(type) ? [] :
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0)
            .Select(property => new Field(property))
            .Where(field => field.Rules.Length > 0 || field.IsList || field.IsRecord || field.Property.PropertyType == typeof(string)),
    ];

    private static bool IsRecord(Type type) =>
        type.IsClass && type.Namespace?.StartsWith("Cartwright.", StringComparison.Ordinal) == true;

    private sealed class Field(PropertyInfo property)
    {
        public PropertyInfo Property { get; } = property;

        public string Name { get; } = WireJson.Name(property);

        public ValidationAttribute[] Rules { get; } = [.. property.GetCustomAttributes<ValidationAttribute>(inherit: true)];

        public int MaxLength { get; } = property.GetCustomAttribute<StringLengthAttribute>(inherit: true) is null ? MaxTextLength : int.MaxValue;

        public bool IsList { get; } = property.PropertyType != typeof(string)
            && typeof(IEnumerable).IsAssignableFrom(property.PropertyType);

        public bool IsRecord { get; } = RequestValidation.IsRecord(property.PropertyType);
    }

    private sealed class Clock(TimeProvider clock) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(TimeProvider) ? clock : null;
    }
}
