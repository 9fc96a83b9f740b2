using System.Buffers;
using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using Cartwright.Commerce.Access;
using Cartwright.Commerce.Automation;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Http;
using Cartwright.Server.Verbs;
using Cartwright.Storage;

namespace Cartwright.Server.Rules;

/// <summary>Lets rules reach the verbs of the table, as over HTTP: no paths, the same checks.</summary>
public sealed class VerbCaller(Shop shop) : IVerbCaller
{
    public bool Check(VerbCall call)
    {
        (Verb verb, object request) = Find(call);
        verb.Validate(request, TimeProvider.System);
        return VerbEffect.Of(verb).CanUndo;
    }

    public async Task<Proposed> ProposeAsync(VerbCall call, bool isDry, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        (Verb verb, object request) = Find(call);
        return await VerbEffect.Of(verb).ProposeAsync(new ProposalQuestion(shop, verb, call, request, isDry, progress), cancellationToken);
    }

    public async Task<string> DoAsync(VerbCall call, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        (Verb verb, object request) = Find(call);
        object answer = await verb.InvokeAsync(shop, request, progress, cancellationToken);
        return JsonSerializer.Serialize(answer, verb.ResponseType, WireJson.HttpOptions);
    }

    public async Task<string?> ReadAsync(string kind, string subject, CancellationToken cancellationToken) => kind switch
    {
        VerbEffect.Price => VerbEffect.Write((await FindProductAsync(subject, cancellationToken))?.Price),
        VerbEffect.Order => VerbEffect.OnOrder(await FindProductAsync(subject, cancellationToken)),
        VerbEffect.Version => await VerbEffect.ActiveAsync(shop, subject, cancellationToken),
        _ => null,
    };

    public IReadOnlyList<VerbCall> Together(IReadOnlyList<VerbCall> calls) => VerbEffect.Together(calls);

    private static (Verb Verb, object Request) Find(VerbCall call)
    {
        Verb verb = VerbTable.All.FirstOrDefault(one => one.Slice == call.Slice && one.Name == call.Verb)
            ?? throw new NotFoundException($"There is no verb '{call.Slice} {call.Verb}'.");
        if (!verb.HasHttpDoor || verb.Files != VerbFiles.None)
        {
            throw new ValidationException($"'{call.Slice} {call.Verb}' works on files of this machine; a rule can't do it.");
        }

        try
        {
            return (verb, JsonSerializer.Deserialize(call.Request, verb.RequestType, WireJson.HttpOptions) ?? throw new ValidationException($"The request of '{call.Slice} {call.Verb}' is null; {{}} takes its defaults."));
        }
        catch (JsonException wrong)
        {
            InvalidRequestException said = JsonFaults.Explain(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(call.Request)), WireJson.HttpOptions.GetTypeInfo(verb.RequestType), wrong);
            throw new ValidationException($"The request of '{call.Slice} {call.Verb}' is not one: {said.Message}", said);
        }
    }

    private async Task<Product?> FindProductAsync(string id, CancellationToken cancellationToken) => await shop.Store.FindProductAsync(id, cancellationToken);
}
