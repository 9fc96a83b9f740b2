using System.Security.Cryptography;
using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Server.Verbs;

namespace Cartwright.Server.Resources;

/// <summary>Ids for interactions that came without one, made so that a retry makes the same.</summary>
internal static class InteractionIds
{
    /// <summary>The idempotency key, the place in the batch, and the content: a reused key never hides something new.</summary>
    public static InteractionsRequest From(InteractionsRequest request, string idempotencyKey) => request.Interactions.All(i => i?.Id is not null)
        ? request
        : request with
        {
            Interactions = [.. request.Interactions.Select((interaction, i) => interaction is { Id: null }
                ? interaction with { Id = $"{idempotencyKey}/{i}/{HashOf(interaction)}" }
                : interaction)],
        };

    private static string HashOf(Interaction interaction) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(interaction, WireJson.Options)).AsSpan(0, 6));
}
