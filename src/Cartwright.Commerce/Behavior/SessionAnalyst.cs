using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Commerce.Tables;

namespace Cartwright.Commerce.Behavior;

/// <summary>The verbs of behavior that look at shoppers one by one: how the session under way will end, and who comes back.</summary>
/// <param name="catalog">The shop that is asked about.</param>
/// <param name="modelFolder">Where versions are kept: <c>models/behavior</c> of the shop; those of returns and of tables beside it.</param>
public sealed class SessionAnalyst(ShopCatalog catalog, string modelFolder, TimeProvider clock)
{
    private readonly VersionFolders _sessions = new(modelFolder, "behavior");
    private readonly VersionFolders _returns = new($"{modelFolder}-returns", "behavior");
    private readonly VersionFolders _tables = new($"{modelFolder}-table", "behavior");
    private readonly SessionScorer _scorer = new(new ServedVersion<ServedSessions>(new VersionFolders(modelFolder, "behavior"), folder => new ServedSessions(SessionModelFile.Load(folder), new SessionMemory()), "No model of sessions is trained yet. Run 'cartwright behavior train'."),
        new ServedVersion<TableService>(new VersionFolders($"{modelFolder}-returns", "behavior"), TableModelFile.Load, "No model is trained yet. Run 'cartwright behavior train --predict returns'."), clock);
    private readonly ServedVersion<TableService> _servedTable = new(new VersionFolders($"{modelFolder}-table", "behavior"), TableModelFile.Load, "No model is trained yet. Run 'cartwright behavior train --table <csv> --target <column>'.");

    /// <summary>Learns from sessions, shoppers or a table, and puts the model into service where it beats the one that is there.</summary>
    /// <exception cref="ValidationException">There is too little to learn from, or a column or the target is not as the request says.</exception>
    /// <exception cref="ImportFormatException">The table can't be read.</exception>
    public async Task<TableTrainResponse> TrainAsync(TrainRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        var kinds = new Dictionary<string, ColumnKind>(StringComparer.Ordinal);
        if (request.Table is { } path)
        {
            string target = request.Target ?? throw new ValidationException("Name the column to predict with --target <column>.");
            return await Task.Run(() => new TableTraining(_tables, "behavior", clock).Run(
                request, Table.Read(path, cancellationToken), target, kinds, countsRatios: null, progress, cancellationToken), cancellationToken);
        }

        progress?.Report(new RunProgress("reading the shop", 0, 0, "rows"));
        Snapshot shop = await catalog.Store.ReadSnapshotAsync(cancellationToken);
        return request.Predict == Foretold.Purchase
            ? await Task.Run(() => new SessionTraining(_sessions, clock).Run(request, shop, progress, cancellationToken), cancellationToken)
            : await Task.Run(() => new TableTraining(_returns, "behavior", clock).Run(request with { Id = "shopper" },
                ReturnTable.Of(shop, ReturnTable.LatestCut(shop)), ReturnTable.Returns, kinds, countsRatios: null, progress, cancellationToken), cancellationToken);
    }

    /// <summary>How a session will end and what comes next.</summary>
    /// <exception cref="ModelNotTrainedException">Nothing is trained yet.</exception>
    /// <exception cref="NotFoundException">Nothing is known of the shopper, the session or a product.</exception>
    /// <exception cref="ValidationException">The request names nothing to score, or too much.</exception>
    public async Task<ScoreResponse> ScoreAsync(ScoreRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        if (request.Attributes is { Count: > 0 } attributes)
        {
            return request is { ShopperId: null, SessionId: null, Events: null or { Count: 0 } } ? ScoreRow(attributes, request.Explain)
                : throw new ValidationException("A row of a table was given beside a shopper, a session or events; score one of them at a time.");
        }

        LiveShop live = await catalog.LiveAsync(cancellationToken);
        return _scorer.Score(live, request);
    }

    /// <summary>One shopper's timeline, with live intent.</summary>
    /// <exception cref="NotFoundException">Nothing is known of the shopper.</exception>
    public async Task<ShopperResponse> ShopperAsync(ShopperRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        LiveShop live = await catalog.LiveAsync(cancellationToken);
        return _scorer.Timeline(live, request);
    }

    /// <summary>Which model is in service, and which versions are kept.</summary>
    public Task<KeptVersions> StatusAsync(StatusRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return Task.Run((request.Predict == Foretold.Purchase ? _sessions : _returns).Status, cancellationToken);
    }

    /// <summary>Puts a kept version into service, of whichever model it is.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    /// <exception cref="Cartwright.Learning.Formats.ModelFormatException">One of its files is missing or damaged; the version in service stays.</exception>
    public Task<KeptVersions> ActivateAsync(ActivateRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        VersionFolders versions = ((VersionFolders[])[_returns, _tables]).FirstOrDefault(kept => kept.All.Contains(request.Version, StringComparer.Ordinal)) ?? _sessions;
        return versions.ActivateAsync(request.Version, folder => _ = versions == _sessions ? (object)SessionModelFile.Load(folder) : TableModelFile.Load(folder), cancellationToken);
    }

    /// <summary>Lets go of what is kept of shoppers in memory; the next question reads it anew.</summary>
    internal void Forget() => _scorer.Forget();

    private ScoreResponse ScoreRow(IReadOnlyList<string> attributes, bool explains)
    {
        (TableService service, string version) = _servedTable.Get();
        var row = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string said in attributes)
        {
            string[] parts = said.Split('=', 2);
            if (parts.Length != 2)
            {
                throw new ValidationException($"'{said}' is no column and value. Write column=value; the model reads {string.Join(", ", service.Encoder.Columns.Take(20).Select(column => column.Name))}.");
            }

            service.ThrowUnlessReadable(parts[0], parts[1]);
            row[parts[0]] = parts[1];
        }

        TableAnswer answer = service.Answer([row], explains)[0];
        var chances = service.Target.Classes.Zip(answer.Values).ToDictionary(c => c.First, c => (double)c.Second, StringComparer.Ordinal);
        return new ScoreResponse(null, null, 0, null, IsOver: false, null, null,
            new RowScore(service.Target.Name, chances.Count == 0 ? answer.Values[0] : null, chances),
            [.. answer.Reasons.Select(reason => new IntentReason($"{reason.Column} is {reason.Cell}, not {reason.Typical}", reason.Effect, null, null))], version);
    }
}
