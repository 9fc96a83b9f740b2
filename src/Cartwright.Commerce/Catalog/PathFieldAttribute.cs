namespace Cartwright.Commerce;

/// <summary>Marks a request field that holds a path on this machine: library and command line have it, HTTP does not.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PathFieldAttribute : Attribute
{
    /// <summary>True where a command line takes the path without its option's name, though it may be left out.</summary>
    public bool IsPositional { get; init; }
}
