using Cartwright.Commerce.Access;
using Cartwright.Server.Access;

namespace Cartwright.Server.Http;

/// <summary>Names an operation in the OpenAPI document and says who may call it.</summary>
internal static class Description
{
    public static TBuilder Describe<TBuilder>(this TBuilder builder, string tag, string name, string summary, ApiRoles role)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithName(name).WithTags(tag).WithSummary(summary).RequireAuthorization(AccessSetup.Policy(role))
            .WithMetadata(new NeededRole(role));
}

/// <summary>The role that an operation asks for, for the document.</summary>
internal sealed record NeededRole(ApiRoles Role);
