using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce;

namespace Cartwright.Cli.Demo;

/// <summary>Makes a sample shop or takes yours, trains on it, prints the numbers, and serves API and dashboard.</summary>
/// <example>cartwright demo --data ./shop-folder</example>
internal sealed record DemoRequest
{
    /// <summary>Shop folder to show in place of a sample shop. It is read, never changed.</summary>
    [PathField]
    public string? Data { get; init; }

    /// <summary>Address to serve at. Port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://localhost:5080";

    /// <summary>Size of the sample shop: 1 is 1,000 products, 10,000 shoppers and about a million interactions.</summary>
    [Range(0.001, 100.0)]
    public double Scale { get; init; } = 1;

    /// <summary>Minutes that the training may take; more make a better model.</summary>
    [Range(1, 100_000)]
    public int Minutes { get; init; } = 2;

    /// <summary>Same seed on the same day, same sample shop and same model: the shop's year ends yesterday.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Tries every door once on a small shop of its own, prints what it tried, and ends: 0 where all answered.</summary>
    public bool Smoke { get; init; }
}
