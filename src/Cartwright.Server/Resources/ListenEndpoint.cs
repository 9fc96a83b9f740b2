using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.RateLimiting;
using Cartwright.Commerce.Assistant.Speech;
using Cartwright.Server.Http;
using Cartwright.Server.Widget;
using Cartwright.Storage;
using Microsoft.AspNetCore.Authentication;

namespace Cartwright.Server.Resources;

/// <summary>Hears a microphone over a WebSocket: 16-bit samples in, 16,000 a second, one channel; texts out while somebody speaks.</summary>
/// <remarks>
/// Binary messages carry sound, the text message <c>end</c> ends a sentence and is always answered, by an empty text where nothing was said. Out go <c>{"partial":"show me"}</c>, <c>{"final":"show me pans","confidence":0.93}</c>, and
/// <c>{"error":"…"}</c> before the server closes. A browser sends no key with a WebSocket, only its cookie, so pages of other sites are refused by their origin, but for those that
/// the merchant lists for the widget.
/// </remarks>
internal static class ListenEndpoint
{
    public const string Path = "/v1/assistant/listen";

    /// <summary>Sockets open at once; hearing takes a processor.</summary>
    internal const int MostSockets = 8;

    /// <summary>Of them, those of one key, which may speak for many; nobody takes all places.</summary>
    internal const int MostSocketsOfKey = 6;

    /// <summary>Of them, those of one address without a key.</summary>
    internal const int MostSocketsOfAddress = 3;

    /// <summary>Longest message: two seconds of sound.</summary>
    internal const int MostMessageBytes = 2 * VoiceListener.Rate * sizeof(short);

    private const string EndOfSentence = "end";
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MostSilence = TimeSpan.FromSeconds(30);

    /// <summary>Lets in who may talk to the assistant: see <see cref="WidgetAccess"/>.</summary>
    public static void MapListen(this WebApplication app, ServeOptions options)
    {
        var places = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = MostSockets });
        var ofCaller = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            RateLimitPartition.GetConcurrencyLimiter(Limits.CallerOf(context), _ => new ConcurrencyLimiterOptions { PermitLimit = MostSocketsOf(context) }));
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15) });
        app.MapGet(Path, (HttpContext context, Shop shop) => ListenAsync(context, shop, options, places, ofCaller)).ExcludeFromDescription().DisableRequestTimeout();
    }

    private static async Task ListenAsync(HttpContext context, Shop shop, ServeOptions options, RateLimiter places, PartitionedRateLimiter<HttpContext> ofCaller)
    {
        bool isListed = WidgetAccess.IsListed(context.Request, options);
        if (!isListed && !WidgetAccess.IsFromHere(context.Request))
        {
            await Problems.WriteAsync(context, Problems.RoleMissing, "Pages of this origin may not listen here. The merchant lists those that may when the server is started.");
        }
        else if (!isListed && !await WidgetAccess.IsLetInAsync(context, options))
        {
            await (context.User.Identity?.IsAuthenticated == true ? context.ForbidAsync() : context.ChallengeAsync());
        }
        else if (!context.WebSockets.IsWebSocketRequest)
        {
            await Problems.WriteAsync(context, Problems.InvalidRequest, $"{Path} is a WebSocket: connect to it with the scheme ws or wss and send sound.");
        }
        else
        {
            using RateLimitLease own = ofCaller.AttemptAcquire(context);
            using RateLimitLease place = own.IsAcquired ? places.AttemptAcquire() : own;
            if (!place.IsAcquired)
            {
                await Problems.WriteAsync(context, Problems.TooMany, own.IsAcquired ? $"{MostSockets} people speak already. Try again in a moment."
                    : $"You speak over {MostSocketsOf(context)} connections already, as many as one {(Limits.KeyOf(context) is null ? "address" : "key")} may. Close one of them first.");
                return;
            }

            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
            using var time = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            time.CancelAfter(MostTime);
            await ConverseAsync(socket, shop.AssistantVoice.Listen(), time.Token);
        }
    }

    private static int MostSocketsOf(HttpContext context) => Limits.KeyOf(context) is null ? MostSocketsOfAddress : MostSocketsOfKey;

    private static async Task ConverseAsync(WebSocket socket, VoiceListener listener, CancellationToken stop)
    {
        byte[] buffer = new byte[MostMessageBytes];
        try
        {
            while (socket.State == WebSocketState.Open)
            {
                (int length, WebSocketMessageType kind, bool fits) = await ReceiveAsync(socket, buffer, stop);
                if (kind == WebSocketMessageType.Close)
                {
                    await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, stop);
                    return;
                }

                bool isEnd = kind == WebSocketMessageType.Text && buffer.AsSpan(0, length).SequenceEqual("end"u8);
                if (!fits || (!isEnd && (kind == WebSocketMessageType.Text || length % sizeof(short) != 0)))
                {
                    await RefuseAsync(socket, fits ? WebSocketCloseStatus.InvalidPayloadData : WebSocketCloseStatus.MessageTooBig,
                        $"A message is sound, 16-bit samples and {MostMessageBytes} bytes at most, or the text '{EndOfSentence}'.", stop);
                    return;
                }

                HeardPiece? heard = isEnd ? await listener.EndAsync(stop) ?? new HeardPiece("", 0)
                    : await listener.HearAsync(MemoryMarshal.Cast<byte, short>(buffer.AsSpan(0, length)).ToArray(), stop);
                if (heard is not null)
                {
                    await SendAsync(socket, heard.IsFinal ? new ListenMessage { Final = heard.Text, Confidence = heard.Confidence } : new ListenMessage { Partial = heard.Text }, stop);
                }
            }
        }
        catch (OperationCanceledException)
        {
            using var grace = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await RefuseAsync(socket, WebSocketCloseStatus.PolicyViolation, $"A connection lasts {MostTime.TotalMinutes:0} minutes at most, {MostSilence.TotalSeconds:0} seconds without a message.", grace.Token);
        }
        catch (Exception meant) when (Problems.IsMeantForCallers(meant))
        {
            await RefuseAsync(socket, WebSocketCloseStatus.PolicyViolation, HttpWords.Of(meant.Message), stop);
        }
        catch (WebSocketException)
        {
            // The caller went away.
        }
    }

    private static async Task<(int Length, WebSocketMessageType Kind, bool Fits)> ReceiveAsync(WebSocket socket, byte[] buffer, CancellationToken stop)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(stop);
        silence.CancelAfter(MostSilence);
        int length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult part = await socket.ReceiveAsync(buffer.AsMemory(length), silence.Token);
            length += part.Count;
            if (part.EndOfMessage || length == buffer.Length)
            {
                return (length, part.MessageType, part.EndOfMessage);
            }
        }
    }

    private static Task SendAsync(WebSocket socket, ListenMessage message, CancellationToken stop) =>
        socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message, ListenJson.Default.ListenMessage), WebSocketMessageType.Text, endOfMessage: true, stop);

    private static async Task RefuseAsync(WebSocket socket, WebSocketCloseStatus status, string why, CancellationToken stop)
    {
        try
        {
            if (socket.State == WebSocketState.Open)
            {
                await SendAsync(socket, new ListenMessage { Error = why }, stop);
                await socket.CloseOutputAsync(status, null, stop);
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException)
        {
            // Nobody is there to be told.
        }
    }
}

/// <summary>What goes out: one of the three, and the confidence with a final text.</summary>
internal sealed record ListenMessage
{
    public string? Partial { get; init; }

    public string? Final { get; init; }

    public double? Confidence { get; init; }

    public string? Error { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ListenMessage))]
internal sealed partial class ListenJson : JsonSerializerContext;
