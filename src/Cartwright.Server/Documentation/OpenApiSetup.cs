using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Cartwright.Commerce.Access;
using Cartwright.Server.Access;
using Cartwright.Server.Http;
using Cartwright.Server.Verbs;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Cartwright.Server.Documentation;

/// <summary>Makes the OpenAPI document say what the records' doc comments say, with an example for every request and answer.</summary>
internal static class OpenApiSetup
{
    public const string DocumentName = "v1";

    private const string JsonType = "application/json";
    private const string ProblemType = "application/problem+json";

    public static void AddDocumentation(this IServiceCollection services) => services.AddOpenApi(DocumentName, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.CreateSchemaReferenceId = NameOf;
        options.AddDocumentTransformer(DescribeDocument);
        options.AddOperationTransformer(DescribeOperationAsync);
        options.AddSchemaTransformer(DescribeSchema);
    });

    /// <summary>Two slices may call a record the same: then each is named after its slice.</summary>
    private static string? NameOf(JsonTypeInfo type)
    {
        string? name = OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        bool isShared = name is not null && VerbTable.All.SelectMany(verb => new[] { verb.RequestType, verb.ResponseType })
            .Where(record => record.Name == type.Type.Name).Distinct().Count() > 1;
        return isShared ? type.Type.Namespace!.Split('.')[^1] + name : name;
    }

    private static Task DescribeDocument(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken stop)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Cartwright",
            Version = DocumentName,
            Description = "The intelligence of an online shop: catalog, interactions, recommendation and the runs behind them. "
                + "Times are ISO 8601 UTC, money is a decimal string in the shop's currency, ids are the shop's own. "
                + "Writes take an Idempotency-Key header: a retry within a day gets the first answer and changes nothing.",
        };
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "Authorization: Bearer cw_…" },
            ["apiKey"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = ApiKeyAuthentication.HeaderName },
        };
        return Task.CompletedTask;
    }

    private static async Task DescribeOperationAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken stop)
    {
        IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
        ApiRoles? role = metadata.OfType<NeededRole>().LastOrDefault()?.Role;
        operation.Responses ??= [];
        if (role is not null)
        {
            operation.Description = $"Needs a key with the role `{JsonNamingPolicy.CamelCase.ConvertName(role.Value.ToString())}`.";
            operation.Security =
            [
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", context.Document)] = [] },
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("apiKey", context.Document)] = [] },
            ];
            await AddProblemsAsync(operation, context, [400, 401, 403, 404, 409, 413, 429, 500, 503], stop);
        }

        bool isWrite = context.Description.HttpMethod is "POST" or "PUT" or "DELETE" && role is not null and not ApiRoles.Query;
        if (isWrite && !metadata.OfType<NeverReplayed>().Any())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = Idempotency.HeaderName,
                In = ParameterLocation.Header,
                Description = "A retry with the same key gets the first answer and changes nothing.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 200 },
            });
        }

        foreach (var accepted in context.Description.ParameterDescriptions.Where(p => p.Source.Id == "Body"))
        {
            if (accepted.Type.GetProperties().Length == 0)
            {
                operation.RequestBody = null;   // nothing can be said, so nothing need be sent
            }

            ShowExample(operation.RequestBody?.Content, JsonType, accepted.Type);
        }

        foreach (var answer in context.Description.SupportedResponseTypes)
        {
            if (operation.Responses.TryGetValue(answer.StatusCode.ToString(), out IOpenApiResponse? response))
            {
                ShowExample(response.Content, JsonType, answer.Type);
            }
        }
    }

    private static async Task AddProblemsAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, int[] statuses, CancellationToken stop)
    {
        OpenApiSchema schema = await context.GetOrCreateSchemaAsync(typeof(ProblemBody), parameterDescription: null, stop);
        context.Document?.AddComponent(nameof(ProblemBody), schema);
        foreach (ProblemKind kind in statuses.Select(status => Problems.KindOf(status)!))
        {
            JsonNode example = JsonSerializer.SerializeToNode(
                new ProblemBody(kind.Type, kind.Title, kind.Status, kind.Meaning, "/" + context.Description.RelativePath, "4bf92f3577b34da6a3ce929d0e0e4736", Errors: null),
                WireJson.HttpOptions)!;
            operation.Responses!.TryAdd(kind.Status.ToString(), new OpenApiResponse
            {
                Description = kind.Title,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    [ProblemType] = new() { Schema = new OpenApiSchemaReference(nameof(ProblemBody), context.Document), Example = example },
                },
            });
        }
    }

    private static void ShowExample(IDictionary<string, OpenApiMediaType>? content, string mediaType, Type? type)
    {
        if (content is not null && type is not null && content.TryGetValue(mediaType, out OpenApiMediaType? body)
            && Examples.All.TryGetValue(type, out object? example))
        {
            body.Example = JsonSerializer.SerializeToNode(example, type, WireJson.HttpOptions);
        }
    }

    private static Task DescribeSchema(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken stop)
    {
        string said = context.JsonPropertyInfo is { } field
            ? field.AttributeProvider is PropertyInfo property ? VerbDocumentation.Summary(property) : ""
            : VerbDocumentation.Summary(context.JsonTypeInfo.Type);
        if (said.Length > 0)
        {
            schema.Description = said;
        }

        schema.Examples = null;   // doc comments show the command line; the bodies have examples of their own

        Type plain = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (plain == typeof(decimal))
        {
            schema.Type = plain == context.JsonTypeInfo.Type ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;   // money, see WireJson
            schema.Format = null;
            schema.Pattern = "^-?[0-9]+(\\.[0-9]+)?$";
            schema.Minimum = null;
            schema.Maximum = null;
        }

        return Task.CompletedTask;
    }
}
