using System.Runtime.InteropServices;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Search;

/// <summary>What is read of a product.</summary>
internal static class ProductText
{
    private const ulong Prime = 0x9E3779B97F4A7C15;

    /// <summary>An attribute's value; its name where the value only says that it has it: "wireless: yes".</summary>
    public static string? OfAttribute(string name, string value) => value switch
    {
        "yes" or "Yes" or "true" or "True" or "Y" => name,
        "no" or "No" or "false" or "False" or "N" => null,
        _ => value,
    };

    /// <summary>A number of all that is read; another text has another one, but for one case in 2^64.</summary>
    public static ulong Fingerprint(Product product)
    {
        ulong hash = Mix(0, product.Title);
        hash = Mix(hash, product.Brand);
        hash = Mix(hash, product.Category);
        foreach (string tag in product.Tags)
        {
            hash = Mix(hash, tag);
        }

        foreach ((string name, string value) in product.Attributes)
        {
            hash = Mix(Mix(hash, name), value);
        }

        hash = Mix(hash, product.Description);
        return Mix(hash, product.Id);
    }

    private static ulong Mix(ulong hash, string? text)
    {
        ReadOnlySpan<char> letters = text;
        hash = Mix(hash, (ulong)letters.Length + 1);
        ReadOnlySpan<ulong> fours = MemoryMarshal.Cast<char, ulong>(letters);
        foreach (ulong four in fours)
        {
            hash = Mix(hash, four);
        }

        foreach (char letter in letters[(fours.Length * 4)..])
        {
            hash = Mix(hash, letter);
        }

        return hash;
    }

    private static ulong Mix(ulong hash, ulong value)
    {
        hash = (hash ^ value) * Prime;
        return hash ^ (hash >> 32);
    }
}
