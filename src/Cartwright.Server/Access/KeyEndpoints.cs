using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization.Metadata;
using Cartwright.Commerce.Access;
using Cartwright.Commerce.Catalog;
using Cartwright.Server.Http;
using Cartwright.Server.Verbs;
using Microsoft.AspNetCore.Http.Metadata;

namespace Cartwright.Server.Access;

/// <summary>Makes a key for a program or a colleague. It is shown once.</summary>
/// <example>cartwright keys create "web shop" --roles ingest,query</example>
public sealed record NewKeyRequest
{
    /// <summary>What the key is for, as it stands in the list of keys.</summary>
    [Required, StringLength(100, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>What its holder may do: "ingest", "query", "admin". Admin may do all.</summary>
    [Required, MinLength(1)]
    public required IReadOnlyList<ApiRoles> Roles { get; init; }
}

/// <summary>A key as the list shows it, without its secret.</summary>
public sealed record KeyView(string Id, string Name, IReadOnlyList<ApiRoles> Roles, DateTimeOffset CreatedAt)
{
    public static KeyView Of(ApiKey key) => new(key.Id, key.Name, [.. Each(key.Roles)], key.CreatedAt);

    private static IEnumerable<ApiRoles> Each(ApiRoles roles) =>
        Enum.GetValues<ApiRoles>().Where(role => role != ApiRoles.None && roles.HasFlag(role));
}

/// <summary>A key that was just made.</summary>
/// <param name="Key">The key itself. It is shown this once and kept nowhere.</param>
public sealed record NewKeyView(string Id, string Name, IReadOnlyList<ApiRoles> Roles, DateTimeOffset CreatedAt, string Key);

internal static class KeyEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder app)
    {
        const string tag = "keys";
        app.MapGet("/v1/keys", async (KeyRing keys, CancellationToken stop) =>
                new Page<KeyView>([.. (await keys.ListAsync(stop)).Select(KeyView.Of)], Next: null))
            .Describe(tag, "keys.list", "The shop's keys, without their secrets.", ApiRoles.Admin);

        var requestType = (JsonTypeInfo<NewKeyRequest>)WireJson.HttpOptions.GetTypeInfo(typeof(NewKeyRequest));
        app.MapPost("/v1/keys", async (HttpContext context, KeyRing keys) =>
            {
                NewKeyRequest request = await JsonBody.ReadAsync(context, requestType);
                RequestValidation.Validate(request);
                ApiRoles roles = request.Roles.Aggregate(ApiRoles.None, (all, role) => all | role);
                if (roles == ApiRoles.None)
                {
                    throw new InvalidRequestException("roles", "A key needs at least one role: ingest, query or admin.");
                }

                (ApiKey key, string secret) = await keys.CreateAsync(request.Name, roles, context.RequestAborted);
                KeyView view = KeyView.Of(key);
                return Results.Created($"/v1/keys/{key.Id}", new NewKeyView(view.Id, view.Name, view.Roles, view.CreatedAt, secret));
            })
            .WithMetadata(new AcceptsMetadata(["application/json"], typeof(NewKeyRequest)), new NeverReplayed())
            .Produces<NewKeyView>(StatusCodes.Status201Created)
            .Describe(tag, "keys.create", "Makes a key. Its secret is in this answer and nowhere else.", ApiRoles.Admin);

        app.MapDelete("/v1/keys/{id}", async (string id, KeyRing keys, CancellationToken stop) =>
                await keys.RevokeAsync(id, stop)
                    ? Results.NoContent()
                    : throw new NotFoundException($"There is no key '{id}'. GET /v1/keys lists them."))
            .Produces(StatusCodes.Status204NoContent)
            .Describe(tag, "keys.revoke", "Revokes a key. It is refused from the next request on.", ApiRoles.Admin);
    }
}
