using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Server.Dashboard.Pages;
using Cartwright.Storage;

namespace Cartwright.Server.Dashboard;

/// <summary>What the forms of the pipeline's page do.</summary>
internal static class PipelineActions
{
    private const string Path = "/recommendations/pipeline";

    /// <summary>Shows what it would do; nothing is changed.</summary>
    public static async Task<IResult> PreviewAsync(HttpContext http, Shop shop)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        string text = form["text"].ToString();
        string? shopper = form["shopper"].ToString() is { Length: > 0 } named ? named : null;
        try
        {
            RecommendationPipeline tried = PipelineWords.Read(text).Pipeline;
            await shop.Recommendation.PreviewAsync(new PreviewRequest { Pipeline = tried, ShopperId = shopper }, http.RequestAborted);
            return Page.Of<PipelinePage>(new { Written = text, Tried = tried, Shopper = shopper });
        }
        catch (Exception refused) when (refused is ValidationException or NotFoundException or ModelNotTrainedException)
        {
            return Page.Of<PipelinePage>(new { Written = text, Shopper = shopper, Refused = refused.Message }, StatusCodes.Status400BadRequest);
        }
    }

    public static async Task<IResult> SetAsync(HttpContext http, Shop shop)
    {
        string text = (await http.Request.ReadFormAsync(http.RequestAborted))["text"].ToString();
        try
        {
            PipelineResponse set = await shop.Recommendation.SetPipelineAsync(PipelineWords.Read(text), http.RequestAborted);
            return new Message("good", $"Version {set.Version} is in service: the next list is made by it.").Then(http, Path);
        }
        catch (Exception refused) when (refused is ValidationException or NotFoundException)
        {
            return Page.Of<PipelinePage>(new { Written = text, Refused = refused.Message }, StatusCodes.Status400BadRequest);
        }
    }

    public static async Task<IResult> RestoreAsync(HttpContext http, Shop shop)
    {
        string version = (await http.Request.ReadFormAsync(http.RequestAborted))["version"].ToString();
        try
        {
            await shop.Recommendation.RestorePipelineAsync(new RestorePipelineRequest { Version = version }, http.RequestAborted);
            return new Message("good", $"Version {version} is in service again.").Then(http, Path);
        }
        catch (NotFoundException refused)
        {
            return new Message("bad", refused.Message).Then(http, Path);
        }
    }
}
