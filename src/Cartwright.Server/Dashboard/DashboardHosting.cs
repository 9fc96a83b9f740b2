using Cartwright.Commerce.Access;
using Cartwright.Commerce.Catalog;
using Cartwright.Server.Access;
using Cartwright.Server.Dashboard.Pages;
using Cartwright.Server.Dashboard.Parts;
using Microsoft.AspNetCore.Mvc;

namespace Cartwright.Server.Dashboard;

/// <summary>Puts the dashboard's pages into the server.</summary>
internal static class DashboardHosting
{
    public static void AddDashboard(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddAntiforgery(options => options.Cookie.Name = "cartwright-form");
        services.AddSingleton<WebAssets>();
        services.AddSingleton<ShopReading>();
        services.AddSingleton<ClickReading>();
        services.AddSingleton(provider => new PhotoDesk(provider.GetRequiredService<TimeProvider>(), PhotoDesk.MerchantBudget));
        services.AddSingleton<AskedWords>();
        services.AddSingleton<TalkDesk>();
        services.AddSingleton<ForgettingDesk>();
        services.AddHostedService<ReadingAhead>();
    }

    public static void MapDashboard(this WebApplication app)
    {
        app.UseMiddleware<PageErrors>();

        RouteGroupBuilder open = app.MapGroup("").ExcludeFromDescription();
        open.MapGet("/assets/{**path}", (string path, HttpRequest request, WebAssets assets) => assets.Serve(path, request));
        open.MapGet("/login", (string? returnUrl) => Page.Of<LoginPage>(new { ReturnUrl = returnUrl }));
        RouteGroupBuilder visit = open.MapGroup("").AddEndpointFilter<FormFilter>();
        visit.MapPost("/login", Visits.LogInAsync);
        visit.MapPost("/logout", (Delegate)Visits.LogOutAsync);
        visit.MapPost("/theme", (Delegate)Visits.SetThemeAsync);

        RouteGroupBuilder read = app.MapGroup("").ExcludeFromDescription().RequireAuthorization(AccessSetup.Policy(ApiRoles.Query));
        read.MapGet("/", (int? days, InteractionKind? kind) => Page.Of<HomePage>(new
        {
            Days = Period.Choices.Contains(days ?? 0) ? days!.Value : 30,
            Kind = kind ?? InteractionKind.Purchase,
        }));
        read.MapGet("/charts/kind.csv", ChartFiles.KindAsync);
        read.MapGet("/charts/all.csv", ChartFiles.AllAsync);
        read.MapGet("/charts/run.csv", ChartFiles.RunAsync);
        read.MapGet("/charts/demand.csv", ChartFiles.DemandAsync);
        read.MapGet("/recommendations", ([AsParameters] RecommendationQuestion question) => Page.Of<RecommendationsPage>(new { Question = question }));
        read.MapGet("/recommendations/shoppers", (string? shopper) => Page.Of<ShopperSuggestions>(new { Text = shopper ?? "" }));
        read.MapGet("/search/clicks", SearchPage.OpenClicks);
        read.MapGet("/charts/clicks.csv", ChartFiles.ClicksAsync);
        read.MapGet("/search", ([AsParameters] SearchQuestion question) => Page.Of<SearchPage>(new { Question = question }));
        read.MapGet("/shoppers", (string? by, string? period, string? shopper, string? visits) => Page.Of<ShoppersPage>(new
        {
            By = by == "shopper" ? "shopper" : "session",
            Period = period == "week" ? "week" : "month",
            Shopper = RecommendationQuestion.Text(shopper),
            Visits = RecommendationQuestion.Text(visits),
        }));
        read.MapGet("/shoppers/one", (string? shopper, string? visits) => Page.Of<ShopperTimeline>(new { Shopper = RecommendationQuestion.Text(shopper), Visits = RecommendationQuestion.Text(visits) }));
        read.MapGet("/shoppers/suggestions", (string? shopper) => Page.Of<ShopperSuggestions>(new { Text = shopper ?? "", Link = (Func<string, string>)Links.Timeline }));
        read.MapGet("/catalog", ([AsParameters] CatalogQuestion question) => Page.Of<CatalogPage>(new { Question = question }));
        read.MapGet("/catalog/product", ProductPage.OpenAsync);
        read.MapGet("/catalog/picture", Pictures.ServeAsync);
        read.MapGet(Links.Photo, PhotoActions.Open);
        read.MapGet(Links.Photo + "/picture", PhotoActions.Picture);
        read.MapGroup("").AddEndpointFilter<FormFilter>().MapPost(Links.Photo, PhotoActions.TakeAsync).WithMetadata(new RequestSizeLimitAttribute(PhotoDesk.MaxBytes + 100_000));
        read.MapGet("/prices", ([AsParameters] PriceQuestion question) => Page.Of<PricesPage>(new { Question = question }));
        read.MapGet("/stock", ([AsParameters] StockQuestion question) => Page.Of<StockPage>(new { Question = question }));
        read.MapGet("/stock/reorder.csv", ReorderFile.ServeAsync);
        read.MapGet("/recommendations/pipeline", PipelinePage.Open);
        read.MapGet("/automation", AutomationPage.OpenAsync);
        read.MapGet(Links.Assistant, (string? conversation, string? shopper) => Page.Of<AssistantPage>(new { Conversation = conversation, Shopper = RecommendationQuestion.Text(shopper) }));
        read.MapGroup("").AddEndpointFilter<FormFilter>().MapPost(Links.Assistant + "/reply", AssistantActions.ReplyAsync);
        read.MapGet("/models", () => Page.Of<ModelsPage>());
        read.MapGet("/models/runs/{id}", RunPage.OpenAsync);
        read.MapGet("/data", () => Page.Of<DataPage>());
        read.MapGet("/data/imports/{id}", ImportPage.OpenAsync);
        read.MapGet("/settings", () => Page.Of<SettingsPage>());

        RouteGroupBuilder change = app.MapGroup("").ExcludeFromDescription().RequireAuthorization(AccessSetup.Policy(ApiRoles.Admin));
        change.MapGet("/shoppers/forgetting/{id}", ForgettingPage.Open);
        change.MapGet("/models/tune", TunePage.Open);
        change.MapGet("/models/off-policy", OffPolicyPage.Open);
        change.MapGet("/models/train", (string? resume) => Page.Of<TrainPage>(new { Resume = resume }));
        RouteGroupBuilder act = change.MapGroup("").AddEndpointFilter<FormFilter>();
        act.MapPost("/models/train", MeasureActions.TrainAsync);
        act.MapPost("/models/tune", MeasureActions.TuneAsync);
        act.MapPost("/models/off-policy", MeasureActions.OffPolicyAsync);
        act.MapPost("/prices/reprice", PriceActions.RepriceAsync);
        act.MapPost("/prices/approve", PriceActions.ApproveAsync);
        act.MapPost("/prices/approve-all", PriceActions.ApproveAllAsync);
        act.MapPost("/prices/reject", PriceActions.RejectAsync);
        act.MapPost("/prices/undo", PriceActions.UndoAsync);
        act.MapPost("/stock/train", Actions.StartAsync<Commerce.Inventory.TrainRequest>);
        act.MapPost("/shoppers/segment", Actions.StartAsync<Commerce.Behavior.SegmentRequest>);
        act.MapPost("/shoppers/anomalies", Actions.StartAsync<Commerce.Behavior.AnomaliesRequest>);
        act.MapPost("/shoppers/forget", Actions.ForgetAsync);
        act.MapPost("/shoppers/train", Actions.StartAsync<Commerce.Behavior.TrainRequest>);
        act.MapPost(Links.Photo + "/correct", PhotoActions.CorrectAsync);
        act.MapPost(Links.Photo + "/save", PhotoActions.SaveAsync);
        act.MapPost("/catalog/train", Actions.StartAsync<Commerce.Vision.TrainRequest>);
        act.MapPost(Links.Assistant + "/train", Actions.StartAsync<Commerce.Assistant.TrainRequest>);
        act.MapPost(Links.Assistant + "/close", AssistantActions.CloseAsync);
        act.MapPost("/search/train", Actions.StartAsync<Commerce.Search.TrainRequest>);
        act.MapPost("/recommendations/pipeline", PipelineActions.SetAsync).WithFormOptions(valueCountLimit: PipelineDraft.MostFields);
        act.MapPost("/recommendations/pipeline/preview", PipelineActions.PreviewAsync).WithFormOptions(valueCountLimit: PipelineDraft.MostFields);
        act.MapPost(PipelineActions.Edit, (Delegate)PipelineActions.EditAsync).WithFormOptions(valueCountLimit: PipelineDraft.MostFields);
        act.MapPost("/recommendations/pipeline/restore", PipelineActions.RestoreAsync);
        act.MapPost("/recommendations/pipeline/clear", PipelineActions.ClearAsync);
        act.MapPost("/automation/stop", AutomationActions.StopAsync);
        act.MapPost("/automation/resume", AutomationActions.ResumeAsync);
        act.MapPost("/automation/defaults", AutomationActions.SetDefaultsAsync);
        act.MapPost("/automation/run", AutomationActions.RunAsync);
        act.MapPost("/automation/rule", AutomationActions.PutRuleAsync);
        act.MapPost("/automation/experiment", AutomationActions.PutExperimentAsync);
        act.MapPost("/automation/slot", AutomationActions.PutSlotAsync);
        act.MapPost("/automation/mode", AutomationActions.SetModeAsync);
        act.MapPost("/automation/approve", AutomationActions.ApproveAsync);
        act.MapPost("/automation/reject", AutomationActions.RejectAsync);
        act.MapPost("/automation/undo", AutomationActions.UndoAsync);
        act.MapPost("/models/activate", Actions.ActivateAsync);
        act.MapPost("/models/runs/{id}/cancel", Actions.CancelRunAsync);
        act.MapPost("/data/export", Actions.ExportAsync);
        change.MapPost("/data/import", ShopUpload.TakeAsync).DisableRequestTimeout();   // checks the form's token itself, before the file is read
        act.MapPost("/settings/keys", Actions.CreateKeyAsync);
        act.MapPost("/settings/keys/{id}/revoke", Actions.RevokeKeyAsync);
    }
}
