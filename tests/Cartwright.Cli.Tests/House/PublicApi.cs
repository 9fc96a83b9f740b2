using System.Reflection;
using System.Text;

namespace Cartwright.Cli.Tests.House;

/// <summary>Writes what an assembly shows to the world, one line a member, sorted, so that two versions can be compared.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(Full, StringComparer.Ordinal))
        {
            text.Append(Header(type)).Append('\n');
            foreach (string member in Members(type).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                text.Append("    ").Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Header(Type type)
    {
        bool isRecord = type.GetMethod("<Clone>$", Declared) is not null;
        string kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct"
            : typeof(Delegate).IsAssignableFrom(type) ? "delegate" : isRecord ? "record" : "class";
        string modifier = type is { IsAbstract: true, IsSealed: true } ? "static "
            : type is { IsAbstract: true, IsInterface: false } ? "abstract "
            : type is { IsSealed: true, IsClass: true } ? "sealed " : "";
        Type[] inherited = type.BaseType?.GetInterfaces() ?? [];
        string[] bases =
        [
            .. type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum) ? [Name(parent)] : Array.Empty<string>(),
            .. type.GetInterfaces().Except(inherited).Where(one => !type.IsEnum && one.IsVisible && !(isRecord && one.Name == "IEquatable`1")).Select(Name).Order(StringComparer.Ordinal),
        ];
        return $"{modifier}{kind} {Full(type)}{(bases.Length > 0 ? " : " + string.Join(", ", bases) : "")}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name))}");
        }

        bool isRecord = type.GetMethod("<Clone>$", Declared) is not null;
        return type.GetMembers(Declared).Where(member => !(isRecord && IsOfTheCompiler(member))).Select(Line).OfType<string>();
    }

    /// <summary>Equality, printing, copying and taking apart: every record has them.</summary>
    private static bool IsOfTheCompiler(MemberInfo member) => member.Name is "Equals" or "GetHashCode" or "ToString" or "PrintMembers"
        or "EqualityContract" or "<Clone>$" or "op_Equality" or "op_Inequality" or "Deconstruct"
        || (member is ConstructorInfo copy && copy.GetParameters() is [var only] && only.ParameterType == member.DeclaringType);

    private static string? Line(MemberInfo member) => member switch
    {
        ConstructorInfo made when IsSeen(made) => $"new({Parameters(made)})",
        MethodInfo { IsSpecialName: false } method when IsSeen(method) =>
            $"{Static(method)}{Name(method.ReturnType)}{Null(method.ReturnParameter)} {method.Name}{Generic(method)}({Parameters(method)})",
        MethodInfo { IsSpecialName: true } method when IsSeen(method) && method.Name.StartsWith("op_", StringComparison.Ordinal) =>
            $"{Name(method.ReturnType)} {method.Name}({Parameters(method)})",
        PropertyInfo property when (property.GetMethod ?? property.SetMethod) is { } accessor && IsSeen(accessor) =>
            $"{Static(accessor)}{Name(property.PropertyType)}{(Nullability.Create(property).ReadState == NullabilityState.Nullable && !property.PropertyType.IsValueType ? "?" : "")} {property.Name}"
            + $"{(property.GetIndexParameters().Length > 0 ? $"[{Parameters(accessor)}]" : "")} {{ {Accessors(property)} }}",
        FieldInfo { IsSpecialName: false } field when field.IsPublic || field.IsFamily =>
            $"{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}{(field.IsLiteral ? " = " + field.GetRawConstantValue() : "")}",
        EventInfo happening when happening.AddMethod is { } add && IsSeen(add) => $"event {Name(happening.EventHandlerType!)} {happening.Name}",
        _ => null,
    };

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Static(MethodInfo method) => method.IsStatic ? "static " : method.IsAbstract && !method.DeclaringType!.IsInterface ? "abstract " : "";

    private static string Accessors(PropertyInfo property)
    {
        bool isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit") == true;
        string set = property.SetMethod is { } setter && IsSeen(setter) ? isInit ? "init;" : "set;" : "";
        return $"{(property.GetMethod is not null ? "get; " : "")}{set}".TrimEnd();
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{Name(parameter.ParameterType)}{Null(parameter)} {parameter.Name}{(parameter.HasDefaultValue ? " = " + (parameter.RawDefaultValue ?? "default") : "")}"));

    private static string Null(ParameterInfo parameter) => !parameter.ParameterType.IsValueType
        && Nullability.Create(parameter).ReadState == NullabilityState.Nullable ? "?" : "";

    private static string Generic(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Full(Type type) => (type.IsNested ? Full(type.DeclaringType!) + "." : type.Namespace + ".") + Name(type);

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return "ref " + Name(type.GetElementType()!);
        }

        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Name(value) + "?";
        }

        return type.IsGenericType && type.Name.Contains('`', StringComparison.Ordinal)
            ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
            : type.Name;
    }
}
