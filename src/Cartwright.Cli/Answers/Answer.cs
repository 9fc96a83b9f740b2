using System.Text.Json;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Assistant.Speech;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Commerce.Tables;
using Cartwright.Server.Verbs;
using Assistant = Cartwright.Commerce.Assistant;
using Automation = Cartwright.Commerce.Automation;
using Behavior = Cartwright.Commerce.Behavior;
using Catalog = Cartwright.Commerce.Catalog;
using Inventory = Cartwright.Commerce.Inventory;
using Pricing = Cartwright.Commerce.Pricing;
using Recommendation = Cartwright.Commerce.Recommendation;
using Search = Cartwright.Commerce.Search;
using Vision = Cartwright.Commerce.Vision;

namespace Cartwright.Cli.Answers;

/// <summary>Writes a response record for people.</summary>
internal static class Answer
{
    /// <param name="currency">The shop's, behind every price.</param>
    public static void Write(Terminal terminal, object answer, string currency)
    {
        switch (answer)
        {
            case Catalog.ImportReport report:
                CatalogAnswers.Write(terminal, report);
                break;
            case Catalog.ExportResponse export:
                CatalogAnswers.Write(terminal, export);
                break;
            case Catalog.InteractionsResponse counts:
                CatalogAnswers.Write(terminal, counts);
                break;
            case Catalog.ForgetReceipt receipt:
                CatalogAnswers.Write(terminal, receipt);
                break;
            case Catalog.StatusResponse status:
                CatalogAnswers.Write(terminal, status);
                break;
            case Assistant.ReplyResponse reply:
                DialogueAnswers.Write(terminal, reply);
                break;
            case Assistant.ReplayResponse replayed:
                DialogueAnswers.Write(terminal, replayed);
                break;
            case Assistant.HandOversResponse waiting:
                DialogueAnswers.Write(terminal, waiting);
                break;
            case Assistant.HandOver closed:
                DialogueAnswers.Write(terminal, closed);
                break;
            case Assistant.TrainResponse trained:
                LanguageAnswers.Write(terminal, trained);
                break;
            case Assistant.UnderstandResponse understood:
                LanguageAnswers.Write(terminal, understood);
                break;
            case EvaluationReport report:
                EvaluationAnswer.Write(terminal, report);
                break;
            case Pricing.OptimizeResponse optimized:
                OptimizeAnswer.Write(terminal, optimized, currency);
                break;
            case Pricing.RepriceResponse repriced:
                RepriceAnswers.Write(terminal, repriced, currency);
                break;
            case Pricing.ProposalsResponse list:
                RepriceAnswers.Write(terminal, list, currency);
                break;
            case Pricing.SimulateResponse trial:
                RepriceAnswers.Write(terminal, trial);
                break;
            case Recommendation.TrainResponse trained:
                RecommendationAnswers.Write(terminal, trained);
                break;
            case Recommendation.RecommendResponse list:
                RecommendationAnswers.Write(terminal, list.Results, list.Model, list.Version, list.Fallback, currency);
                break;
            case Recommendation.SimilarResponse list:
                RecommendationAnswers.Write(terminal, list.Results, list.Model, list.Version, list.Fallback, currency);
                break;
            case Recommendation.ProductListResponse list:
                RecommendationAnswers.Write(terminal, list.Results, list.Fallback, currency);
                break;
            case Recommendation.BuyAgainResponse list:
                RecommendationAnswers.Write(terminal, list, currency);
                break;
            case Recommendation.CompareResponse compared:
                EvaluationAnswer.Write(terminal, compared.Report);
                EvaluationAnswer.WritePairs(terminal, compared);
                break;
            case Recommendation.TuneResponse tuned:
                RecommendationAnswers.Write(terminal, tuned);
                break;
            case Recommendation.OffPolicyResponse valued:
                OffPolicyAnswer.Write(terminal, valued);
                break;
            case Recommendation.TrainRankerResponse trained:
                PipelineAnswers.Write(terminal, trained);
                break;
            case Recommendation.PipelineResponse told:
                PipelineAnswers.Write(terminal, told);
                break;
            case Recommendation.PreviewResponse preview:
                PipelineAnswers.Write(terminal, preview);
                break;
            case Recommendation.ExplainResponse explained:
                RecommendationAnswers.Write(terminal, explained);
                break;
            case Search.SearchResponse found:
                SearchAnswers.Write(terminal, found, currency);
                break;
            case Search.CompleteResponse completed:
                SearchAnswers.Write(terminal, completed);
                break;
            case Search.ExplainResponse explained:
                SearchAnswers.Write(terminal, explained);
                break;
            case Search.EvaluateSpeedResponse measured:
                SearchAnswers.Write(terminal, measured);
                break;
            case TableTrainResponse trained:
                TableAnswers.Write(terminal, trained);
                break;
            case KeptVersions kept:
                VersionAnswers.Write(terminal, kept);
                break;
            case Pricing.PriceResponse priced:
                PricingAnswers.Write(terminal, priced, currency);
                break;
            case Pricing.ElasticityResponse answered:
                PricingAnswers.Write(terminal, answered);
                break;
            case Behavior.ScoreResponse scored:
                SessionAnswers.Write(terminal, scored);
                break;
            case Behavior.ShopperResponse shopper:
                SessionAnswers.Write(terminal, shopper, currency);
                break;
            case Behavior.FunnelResponse counted:
                BehaviorAnswers.Write(terminal, counted);
                break;
            case Behavior.RetentionResponse came:
                BehaviorAnswers.Write(terminal, came);
                break;
            case Behavior.SegmentResponse sorted:
                SegmentAnswers.Write(terminal, sorted, currency);
                break;
            case Behavior.AnomaliesResponse found:
                SegmentAnswers.Write(terminal, found);
                break;
            case Behavior.ValueResponse valued:
                BehaviorAnswers.Write(terminal, valued, currency);
                break;
            case Inventory.TrainResponse trained:
                InventoryAnswers.Write(terminal, trained);
                break;
            case Inventory.ForecastResponse forecast:
                InventoryAnswers.Write(terminal, forecast);
                break;
            case Inventory.ReplenishResponse plan:
                InventoryAnswers.Write(terminal, plan, currency);
                break;
            case Automation.AdviseResponse advised:
                AdviceAnswer.Write(terminal, advised);
                break;
            case Search.ReallocateResponse reordered:
                SearchLearningAnswers.Write(terminal, reordered);
                break;
            case Search.TrainResponse trained:
                SearchLearningAnswers.Write(terminal, trained);
                break;
            case Search.ClicksResponse told:
                SearchLearningAnswers.Write(terminal, told);
                break;
            case Vision.TrainResponse trained:
                VisionAnswers.Write(terminal, trained);
                break;
            case Vision.TagResponse tagged:
                VisionAnswers.Write(terminal, tagged);
                break;
            case Vision.ExplainResponse explained:
                VisionAnswers.Write(terminal, explained);
                break;
            case Vision.MatchResponse found:
                GalleryAnswers.Write(terminal, found);
                break;
            case Vision.DescribeResponse drafted:
                GalleryAnswers.Write(terminal, drafted);
                break;
            case Vision.OddResponse odd:
                GalleryAnswers.Write(terminal, odd);
                break;
            case Vision.DrawResponse drawn:
                GalleryAnswers.Write(terminal, drawn);
                break;
            case Automation.RulesResponse rules:
                AutomationAnswers.Write(terminal, rules);
                break;
            case Automation.RunResponse ran:
                AutomationAnswers.Write(terminal, ran, currency);
                break;
            case Automation.ChangesResponse changes:
                AutomationAnswers.Write(terminal, changes, currency);
                break;
            case Automation.MeasuresResponse measured:
                AutomationAnswers.Write(terminal, measured);
                break;
            case Automation.DriftResponse drift:
                AutomationAnswers.Write(terminal, drift);
                break;
            case Automation.SimulateResponse trial:
                AutomationAnswers.Write(terminal, trial, currency);
                break;
            case Automation.ExperimentsResponse experiments:
                ExperimentAnswers.Write(terminal, experiments);
                break;
            case Automation.SlotsResponse slots:
                ExperimentAnswers.Write(terminal, slots);
                break;
            case Automation.ChooseResponse chosen:
                ExperimentAnswers.Write(terminal, chosen);
                break;
            case Vision.CorrectResponse corrected:
                VisionAnswers.Write(terminal, corrected);
                break;
            case TranscribeResponse heard:
                VoiceAnswers.Write(terminal, heard);
                break;
            case SpeakResponse spoken:
                VoiceAnswers.Write(terminal, spoken);
                break;
            case TrainVoiceResponse trained:
                VoiceAnswers.Write(terminal, trained);
                break;
            default:
                WriteFields(terminal, answer);
                break;
        }
    }

    /// <summary>For a record that nobody has laid out yet: a line per field.</summary>
    private static void WriteFields(Terminal terminal, object answer)
    {
        JsonElement json = JsonSerializer.SerializeToElement(answer, answer.GetType(), WireJson.Options);
        foreach (JsonProperty field in json.EnumerateObject())
        {
            terminal.Line($"{field.Name}: {field.Value}");
        }
    }
}
