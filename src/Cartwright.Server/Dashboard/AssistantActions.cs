using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Assistant;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Storage;

namespace Cartwright.Server.Dashboard;

/// <summary>What the assistant's forms do. Each ends by sending the browser to the page that shows the result.</summary>
internal static class AssistantActions
{
    public static async Task<IResult> ReplyAsync(HttpContext http, Shop shop, TalkDesk desk)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        string? conversation = RecommendationQuestion.Text(form["conversation"]);
        string? shopper = RecommendationQuestion.Text(form["shopper"]);
        string text = form["text"].ToString().Trim();
        if (text.Length == 0)
        {
            return Results.LocalRedirect(Links.Talk(conversation, shopper));
        }

        try
        {
            ReplyResponse reply = await shop.Assistant.ReplyAsync(new ReplyRequest { Text = text, ConversationId = conversation, ShopperId = shopper, Explain = true }, http.RequestAborted);
            desk.Add(conversation, shopper, new Exchange(text, reply));
            return Results.LocalRedirect(Links.Talk(reply.ConversationId, shopper));
        }
        catch (Exception refused) when (refused is ValidationException or ModelNotTrainedException)
        {
            return new Message("warn", refused.Message).Then(http, Links.Talk(conversation, shopper));
        }
    }

    public static async Task<IResult> CloseAsync(HttpContext http, Shop shop)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        await shop.Assistant.CloseHandOverAsync(new CloseHandOverRequest { Id = form["id"].ToString(), Note = RecommendationQuestion.Text(form["note"]) }, http.RequestAborted);
        return new Message("good", "Closed. It is kept with your note.").Then(http, Links.Assistant);
    }
}
