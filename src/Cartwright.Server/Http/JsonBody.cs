using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cartwright.Commerce.Catalog;
using Cartwright.Server.Verbs;

namespace Cartwright.Server.Http;

/// <summary>Reads and writes records as JSON. A body that doesn't fit its record is refused with the fields at fault.</summary>
internal static class JsonBody
{
    /// <summary>The body as a record; an empty one counts as <c>{}</c>.</summary>
    /// <exception cref="InvalidRequestException">It is no JSON, or not of this record.</exception>
    public static async ValueTask<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        PipeReader reader = context.Request.BodyReader;
        ReadResult read;
        while (true)
        {
            read = await reader.ReadAsync(context.RequestAborted);
            if (read.IsCompleted)
            {
                break;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }

        try
        {
            if (!read.Buffer.IsEmpty && !context.Request.HasJsonContentType())
            {
                throw new BadHttpRequestException(
                    $"The body is '{context.Request.ContentType}'; send it as 'Content-Type: application/json'.", StatusCodes.Status415UnsupportedMediaType);
            }

            return Parse(read.Buffer.IsEmpty ? Empty : read.Buffer, type);
        }
        finally
        {
            reader.AdvanceTo(read.Buffer.End);
        }
    }

    /// <summary>A text as a record.</summary>
    /// <exception cref="InvalidRequestException">It is no JSON, or not of this record.</exception>
    public static T Read<T>(string text, JsonTypeInfo<T> type)
        where T : class => Parse(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text)), type);

    public static Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(context.Response.BodyWriter, value, type, context.RequestAborted);
    }

    private static readonly ReadOnlySequence<byte> Empty = new("{}"u8.ToArray());

    private static T Parse<T>(ReadOnlySequence<byte> body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            var json = new Utf8JsonReader(body);
            T? value = JsonSerializer.Deserialize(ref json, type);
            if (value is not null && !json.Read())
            {
                return value;
            }
        }
        catch (JsonException error)
        {
            throw JsonFaults.Explain(body, type, error);
        }

        throw new InvalidRequestException("", "The body must be one JSON object.");
    }
}
