using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cartwright.Server.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Cartwright.Server.Documentation;

/// <summary>The page at /docs: every operation of the OpenAPI document with a <c>curl</c> to copy. Plain HTML, no script.</summary>
internal static class DocsPage
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void MapDocumentation(this IEndpointRouteBuilder app)
    {
        app.MapOpenApi();
        app.MapGet("/docs", async (HttpContext context, [FromKeyedServices(OpenApiSetup.DocumentName)] IOpenApiDocumentProvider provider) =>
        {
            OpenApiDocument document = await provider.GetOpenApiDocumentAsync(context.RequestAborted);
            return Results.Content(Write(document, $"{context.Request.Scheme}://{context.Request.Host}"), "text/html; charset=utf-8");
        }).ExcludeFromDescription();
        app.MapGet("/docs/docs.css", () => Results.Text(Style, "text/css; charset=utf-8")).ExcludeFromDescription();
    }

    private static string Write(OpenApiDocument document, string server)
    {
        var page = new StringBuilder(64 * 1024);
        page.Append("""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Cartwright API</title><link rel="stylesheet" href="/docs/docs.css"></head>
            <body><main>

            """);
        page.Append($"<h1>Cartwright API</h1><p>{Text(document.Info.Description)}</p>");
        page.Append("<p>The same as a document for tools: <a href=\"/openapi/v1.json\">/openapi/v1.json</a>. ");
        page.Append("A key comes with every request; keep it in the shell:</p>");
        page.Append("<pre>export CARTWRIGHT_KEY=cw_…</pre>");

        var operations = document.Paths.SelectMany(path => path.Value.Operations ?? [], (path, operation) => new Operation(path.Key, operation.Key.Method, operation.Value)).ToList();
        page.Append("<nav><h2>Operations</h2><ul>");
        foreach (Operation o in operations)
        {
            page.Append($"<li><a href=\"#{Text(o.Id)}\"><code>{o.Method} {Text(o.Path)}</code></a></li>");
        }

        page.Append("<li><a href=\"#problems\">Problems</a></li></ul></nav>");
        foreach (IGrouping<string, Operation> group in operations.GroupBy(o => o.Tag))
        {
            page.Append($"<h2>{Text(char.ToUpperInvariant(group.Key[0]) + group.Key[1..])}</h2>");
            foreach (Operation operation in group)
            {
                WriteOperation(page, operation, server);
            }
        }

        WriteProblems(page);
        return page.Append("</main></body></html>\n").ToString();
    }

    private static void WriteOperation(StringBuilder page, Operation o, string server)
    {
        page.Append($"<section id=\"{Text(o.Id)}\"><h3><code>{o.Method} {Text(o.Path)}</code></h3>");
        page.Append($"<p>{Text(o.Value.Summary)} {Text(o.Value.Description)}</p>");
        page.Append($"<pre>{Text(Curl(o, server))}</pre>");
        foreach ((string status, IOpenApiResponse response) in o.Value.Responses?.Where(r => r.Key[0] == '2') ?? [])
        {
            JsonNode? example = response.Content?.Values.FirstOrDefault()?.Example;
            page.Append($"<p>Answers {status}{(example is null ? "." : ":")}</p>");
            if (example is not null)
            {
                page.Append($"<pre>{Text(example.ToJsonString(Indented))}</pre>");
            }
        }

        WriteFields(page, o.Value.RequestBody?.Content?.Values.FirstOrDefault()?.Schema);
        page.Append("</section>");
    }

    private static void WriteFields(StringBuilder page, IOpenApiSchema? schema)
    {
        if (schema?.Properties is not { Count: > 0 } fields)
        {
            return;
        }

        page.Append("<table><thead><tr><th>Field</th><th>Meaning</th></tr></thead><tbody>");
        foreach ((string name, IOpenApiSchema field) in fields)
        {
            bool isRequired = schema.Required?.Contains(name) == true;
            string range = field.Minimum is null && field.Maximum is null ? "" : $" From {field.Minimum ?? "any"} to {field.Maximum ?? "any"}.";
            page.Append($"<tr><td><code>{Text(name)}</code>{(isRequired ? " required" : "")}</td><td>{Text(field.Description)}{Text(range)}</td></tr>");
        }

        page.Append("</tbody></table>");
    }

    private static void WriteProblems(StringBuilder page)
    {
        page.Append("<h2 id=\"problems\">Problems</h2><p>Errors are problem details (RFC 9457); their <code>type</code> leads here. "
            + "The <code>traceId</code> is found in the server's log.</p><dl>");
        foreach (ProblemKind kind in Problems.All)
        {
            page.Append($"<dt id=\"{kind.Name}\"><code>{kind.Status} {kind.Name}</code></dt><dd>{Text(kind.Title)} {Text(kind.Meaning)}</dd>");
        }

        page.Append("</dl>");
    }

    private static string Curl(Operation o, string server)
    {
        string path = o.Path.Replace("{id}", o.Tag switch { "products" => "p-17", "shoppers" => "s-7", "keys" => "5c1f09a2b7de", _ => "20260301-120000-3f9a1c" });
        var command = new StringBuilder("curl");
        command.Append(o.Method == "GET" ? "" : " -X " + o.Method).Append(o.Path.EndsWith("/events", StringComparison.Ordinal) ? " -N" : "");
        command.Append(' ').Append(server).Append(path);
        if (o.Value.Security is { Count: > 0 })
        {
            command.Append(" \\\n  -H \"Authorization: Bearer $CARTWRIGHT_KEY\"");
        }

        if (o.Value.RequestBody?.Content?.FirstOrDefault() is { Key: { } type } body)
        {
            command.Append(" \\\n  -H 'Content-Type: ").Append(type).Append('\'');
            command.Append(body.Value.Example is { } example
                ? $" \\\n  -d '{example.ToJsonString(Indented).Replace("'", "'\\''")}'"
                : " \\\n  --data-binary @shop.zip");
        }

        return command.ToString();
    }

    private static string Text(string? text) => WebUtility.HtmlEncode(text?.Replace("`", "") ?? "");

    private sealed record Operation(string Path, string Method, OpenApiOperation Value)
    {
        public string Tag => Value.Tags?.FirstOrDefault()?.Name ?? "other";

        public string Id => Value.OperationId ?? Path;
    }

    private const string Style = """
        :root { color-scheme: light dark; --ink: #1d2129; --soft: #5a6270; --paper: #fff; --panel: #f4f5f7; --line: #d9dce2; --accent: #1f5fbf; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e8ec; --soft: #a2a9b5; --paper: #15181d; --panel: #1e2229; --line: #343a44; --accent: #8ab4f8; } }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
        main { max-width: 900px; margin: 0 auto; padding: 24px 16px 64px; }
        section { border-top: 1px solid var(--line); padding: 8px 0 16px; }
        h3 { margin: 16px 0 8px; font-size: 16px; }
        pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 12px; overflow-x: auto; font-size: 14px; white-space: pre-wrap; overflow-wrap: anywhere; }
        code { overflow-wrap: anywhere; }
        a { color: var(--accent); }
        table { width: 100%; border-collapse: collapse; font-size: 14px; }
        th, td { text-align: left; vertical-align: top; padding: 6px 8px; border-bottom: 1px solid var(--line); }
        dd { margin: 0 0 12px 24px; color: var(--soft); }
        dt:target, section:target { outline: 2px solid var(--accent); outline-offset: 4px; }
        """;
}
