using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using Cartwright.Commerce.Automation;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Cli.Tests.House;

/// <summary>Every request and options record there is, found by reflection, and valid examples of each.</summary>
internal static class RequestRecords
{
    private static readonly Assembly Commerce = typeof(Product).Assembly;

    public static IReadOnlyList<Type> Requests { get; } = Ending(Commerce, "Request");

    public static IReadOnlyList<Type> All { get; } =
    [
        .. Requests, .. Ending(Commerce, "Options"),
        .. Ending(typeof(Server.ServeOptions).Assembly, "Options"), .. Ending(typeof(Server.ServeOptions).Assembly, "Request"),
        .. Ending(typeof(CommandLine).Assembly, "Request"),
    ];

    /// <summary>The record with its defaults, and something valid where it has none.</summary>
    public static object Example(Type type)
    {
        object example = RuntimeHelpers.GetUninitializedObject(type);
        if (type.GetConstructor(Type.EmptyTypes) is not null)
        {
            example = Activator.CreateInstance(type)!;
        }

        foreach (PropertyInfo property in type.GetProperties().Where(property => property.IsDefined(typeof(RequiredMemberAttribute))))
        {
            property.SetValue(example, property.GetCustomAttribute<RangeAttribute>() is { } range ? range.Minimum : ValueOf(property.PropertyType));
        }

        return example;
    }

    private static object ValueOf(Type type)
    {
        if (type == typeof(string))
        {
            return "x";
        }

        if (type == typeof(Interaction))
        {
            return new Interaction { At = DateTimeOffset.UnixEpoch, Shopper = "s", Kind = InteractionKind.View, Product = "p" };
        }

        if (type == typeof(AutomationRule))
        {
            return new AutomationRule { Id = "x", Name = "x", When = new RuleTrigger { Cron = "0 5 * * *" }, Do = new RuleAction { Slice = "pricing", Verb = "reprice" } };
        }

        if (type == typeof(Experiment))
        {
            return new Experiment { Id = "x", Name = "x", Arms = [new ExperimentArm { Id = "a", Share = 0.5 }, new ExperimentArm { Id = "b", Share = 0.5 }] };
        }

        if (type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type))
        {
            Type element = type.GetGenericArguments()[0];
            var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
            list.Add(ValueOf(element));
            return list;
        }

        if (type.IsEnum)
        {
            return Enum.GetValues(type).GetValue(1)!;
        }

        return type.IsValueType ? Convert.ChangeType(1, Nullable.GetUnderlyingType(type) ?? type) : Example(type);
    }

    private static Type[] Ending(Assembly assembly, string suffix) => [.. assembly.GetTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.Name.EndsWith(suffix, StringComparison.Ordinal) && type.GetMethod("<Clone>$") is not null)
        .OrderBy(type => type.FullName, StringComparer.Ordinal)];
}
