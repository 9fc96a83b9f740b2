namespace Cartwright.Commerce;

/// <summary>Marks a request field that holds a path on this machine: library and command line have it, HTTP does not.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PathFieldAttribute : Attribute;
