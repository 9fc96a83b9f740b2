namespace Cartwright.Commerce.Tests;

/// <summary>A test over real data: the folder that CARTWRIGHT_DATA names. Skipped, with a word, where it names none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DataFactAttribute : FactAttribute
{
    public DataFactAttribute()
    {
        if (DataFolder.Root is null)
        {
            Skip = DataFolder.SkipReason;
        }
    }
}

/// <inheritdoc cref="DataFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DataTheoryAttribute : TheoryAttribute
{
    public DataTheoryAttribute()
    {
        if (DataFolder.Root is null)
        {
            Skip = DataFolder.SkipReason;
        }
    }
}

public static class DataFolder
{
    public const string SkipReason = "CARTWRIGHT_DATA names no folder with real shops.";

    public static string? Root { get; } =
        Environment.GetEnvironmentVariable("CARTWRIGHT_DATA") is { } path && Directory.Exists(path) ? path : null;

    public static string Shop(string name) => Path.Combine(Root!, name, "shop");
}
