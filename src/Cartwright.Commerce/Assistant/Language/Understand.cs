using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Assistant;

/// <summary>What a shopper's sentence means: what is wanted, and the words that say of what.</summary>
/// <example>cartwright assistant understand "do you have red trail shoes under 80"</example>
public sealed record UnderstandRequest
{
    /// <summary>One sentence, as it was typed or heard.</summary>
    [Required]
    [StringLength(500)]
    public required string Text { get; init; }
}

/// <param name="Text">The sentence that was read.</param>
/// <param name="Version">The model version that answered.</param>
public sealed record UnderstandResponse(string Text, Understanding Understanding, string Version);

/// <summary>What a sentence was understood to mean.</summary>
public sealed record Understanding
{
    /// <summary>The likeliest intent, as <see cref="ShopIntents"/> or the shop's own utterances name it; "out-of-scope" where it is none of them.</summary>
    public required string Intent { get; init; }

    /// <summary>Chance that the intent is right, from 0 to 1.</summary>
    public required double Confidence { get; init; }

    /// <summary>False where the sentence asks for nothing that the model knows.</summary>
    public required bool InScope { get; init; }

    /// <summary>In the order of the sentence; they do not overlap.</summary>
    public IReadOnlyList<SlotValue> Slots { get; init; } = [];

    /// <summary>The next likeliest intents, likeliest first, with their chances.</summary>
    public IReadOnlyList<IntentGuess> Alternatives { get; init; } = [];
}

/// <summary>A piece of a sentence that fills a slot.</summary>
public sealed record SlotValue
{
    /// <summary>As <see cref="ShopSlots"/> or the shop's own utterances name it.</summary>
    public required string Name { get; init; }

    /// <summary>The piece as it stands in the sentence.</summary>
    public required string Value { get; init; }

    /// <summary>Chance that its words are all tagged right, from 0 to 1.</summary>
    public required double Confidence { get; init; }

    /// <summary>Character of the sentence where it begins, from 0.</summary>
    public required int Start { get; init; }

    /// <summary>Its characters.</summary>
    public required int Length { get; init; }
}

/// <param name="Confidence">From 0 to 1.</param>
public sealed record IntentGuess(string Intent, double Confidence);
