using System.Text.Json.Serialization.Metadata;
using Cartwright.Commerce.Assistant;
using Cartwright.Commerce.Catalog;
using Cartwright.Server.Dashboard;
using Cartwright.Server.Http;
using Cartwright.Server.Resources;
using Cartwright.Server.Verbs;
using Cartwright.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Cartwright.Server.Widget;

/// <summary>A chat with the assistant that any page may embed by one script tag.</summary>
/// <remarks>
/// <c>/widget.js</c> is public, as it says nothing of the shop. <c>/widget/reply</c> answers pages of the origins that the merchant lists
/// (<see cref="ServeOptions.WidgetOrigins"/>), pages of this server where the store is open, and whoever is logged in; everybody else is refused. Nobody is
/// signed in there: orders need their postcode. The storefront has a reply of its own, which knows the visit. <c>/widget/voice</c> says where the same pages
/// may send a microphone's sound.
/// </remarks>
internal static class WidgetHosting
{
    private const string ReplyPath = "/widget/reply";
    private const string VoicePath = "/widget/voice";
    private const int MostBodyBytes = 4096;

    public static void MapWidget(this WebApplication app, ServeOptions options)
    {
        RouteGroupBuilder open = app.MapGroup("").ExcludeFromDescription();
        open.MapGet("/widget.js", (HttpRequest request, WebAssets assets) => Serve("widget.js", request, assets));
        open.MapGet("/widget/microphone.js", (HttpRequest request, WebAssets assets) => Serve("microphone.js", request, assets));
        open.MapGet("/widget/recorder.js", (HttpRequest request, WebAssets assets) => Serve("recorder.js", request, assets));
        open.MapGet(VoicePath, (HttpContext http, Shop shop) => VoiceAsync(http, shop, options));
        open.MapMethods(ReplyPath, [HttpMethods.Options], (HttpContext http) => Preflight(http, options));
        open.MapPost(ReplyPath, (HttpContext http, Shop shop) => ReplyAsync(http, shop, options)).WithMetadata(new RequestSizeLimitAttribute(MostBodyBytes));
    }

    public static Task<WidgetRequest> ReadAsync(HttpContext http)
        => JsonBody.ReadAsync(http, (JsonTypeInfo<WidgetRequest>)WireJson.HttpOptions.GetTypeInfo(typeof(WidgetRequest))).AsTask();

    public static Task WriteAsync(HttpContext http, ReplyResponse reply)
        => JsonBody.WriteAsync(http, WidgetReply.Of(reply), (JsonTypeInfo<WidgetReply>)WireJson.HttpOptions.GetTypeInfo(typeof(WidgetReply)));

    private static IResult Serve(string file, HttpRequest request, WebAssets assets)
    {
        request.HttpContext.Response.Headers.AccessControlAllowOrigin = "*";
        return assets.Serve(file, request);
    }

    private static IResult Preflight(HttpContext http, ServeOptions options)
    {
        if (!Allow(http, options))
        {
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }

        http.Response.Headers.AccessControlAllowMethods = HttpMethods.Post;
        http.Response.Headers.AccessControlAllowHeaders = "content-type";
        http.Response.Headers.AccessControlMaxAge = "600";
        return Results.NoContent();
    }

    private static async Task ReplyAsync(HttpContext http, Shop shop, ServeOptions options)
    {
        if (!await LetInAsync(http, options))
        {
            return;
        }

        WidgetRequest asked = await ReadAsync(http);
        RequestValidation.Validate(asked);
        await WriteAsync(http, await shop.Assistant.ReplyAsync(new ReplyRequest { Text = asked.Text, ConversationId = asked.ConversationId }, http.RequestAborted));
    }

    private static async Task VoiceAsync(HttpContext http, Shop shop, ServeOptions options)
    {
        if (!await LetInAsync(http, options))
        {
            return;
        }

        var voice = new WidgetVoice(shop.AssistantVoice.CanHear ? ListenEndpoint.Path : null);
        await JsonBody.WriteAsync(http, voice, (JsonTypeInfo<WidgetVoice>)WireJson.HttpOptions.GetTypeInfo(typeof(WidgetVoice)));
    }

    private static async Task<bool> LetInAsync(HttpContext http, ServeOptions options)
    {
        Allow(http, options);
        bool may = await WidgetAccess.MayAsync(http, options);
        if (!may)
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
        }

        return may;
    }

    /// <summary>Says to the browser that a page of a listed origin may read the answer.</summary>
    private static bool Allow(HttpContext http, ServeOptions options)
    {
        bool isListed = WidgetAccess.IsListed(http.Request, options);
        http.Response.OnStarting(() =>                       // what fails is answered anew, without the headers that were set before
        {
            http.Response.Headers.Append("Vary", "Origin");
            if (isListed)
            {
                http.Response.Headers.AccessControlAllowOrigin = http.Request.Headers.Origin;
            }

            return Task.CompletedTask;
        });
        return isListed;
    }
}
