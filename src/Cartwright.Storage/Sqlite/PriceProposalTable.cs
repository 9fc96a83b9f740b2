using System.Globalization;
using System.Text.Json;
using Cartwright.Commerce.Pricing;

namespace Cartwright.Storage.Sqlite;

/// <summary>Proposed prices, and the prices of products that decisions on them set. Each method that writes is called inside a transaction.</summary>
/// <remarks>The curves of demand, most of a proposal's bytes, stand in a column of their own: lists leave them where they are.</remarks>
internal static class PriceProposalTable
{
    public static IReadOnlyList<PriceProposal> Propose(Connection connection, IReadOnlyList<PriceProposal> proposals, IReadOnlyCollection<string> looked, DateTimeOffset at)
    {
        var products = looked.ToHashSet(StringComparer.Ordinal);
        foreach (PriceProposal old in List(connection, ProposalStatus.Waiting, int.MaxValue, withDemand: false).Where(old => products.Contains(old.ProductId)))
        {
            _ = Update(connection, old with { Status = ProposalStatus.Replaced, DecidedAt = at }, ProposalStatus.Waiting);
        }

        var kept = new List<PriceProposal>(proposals.Count);
        foreach (PriceProposal proposal in proposals.Where(proposal => CatalogTables.FindProduct(connection, proposal.ProductId)?.Price == proposal.CurrentPrice))
        {
            PriceProposal named = proposal;
            for (int number = 2; Find(connection, named.Id) is not null; number++)
            {
                named = proposal with { Id = string.Create(CultureInfo.InvariantCulture, $"{proposal.Id}-{number}") };
            }

            connection.Prepare("INSERT INTO price_proposals (id, at, status, json, demand) VALUES (?, ?, ?, ?, ?)")
                .Bind(1, named.Id).Bind(2, ColumnValue.From(named.At)).Bind(3, (long)named.Status).Bind(4, Json(named)).Bind(5, JsonSerializer.Serialize(named.Demand)).Run();
            kept.Add(named);
        }

        return kept;
    }

    /// <exception cref="PriceMovedException">A proposal or a price is no longer as it was read. The transaction must be undone.</exception>
    public static void Decide(Connection connection, IReadOnlyList<PriceDecision> decisions)
    {
        foreach (PriceDecision decision in decisions)
        {
            bool isDone = Update(connection, decision.Decided, decision.From) && (decision.Change is not { } change || SetPrice(connection, decision.Decided.ProductId, change));
            if (!isDone)
            {
                throw new PriceMovedException();
            }
        }
    }

    public static PriceProposal? Find(Connection connection, string id) =>
        Read(connection.Prepare("SELECT json, demand FROM price_proposals WHERE id = ?").Bind(1, id), withDemand: true).SingleOrDefault();

    public static IReadOnlyList<PriceProposal> List(Connection connection, ProposalStatus? status, int count, bool withDemand)
    {
        string columns = withDemand ? "json, demand" : "json";
        return Read(status is { } one
            ? connection.Prepare($"SELECT {columns} FROM price_proposals WHERE status = ? ORDER BY at DESC, rowid LIMIT ?").Bind(1, (long)one).Bind(2, count)
            : connection.Prepare($"SELECT {columns} FROM price_proposals ORDER BY at DESC, rowid LIMIT ?").Bind(1, count), withDemand);
    }

    private static bool Update(Connection connection, PriceProposal proposal, ProposalStatus from)
    {
        connection.Prepare("UPDATE price_proposals SET status = ?, json = ? WHERE id = ? AND status = ?")
            .Bind(1, (long)proposal.Status).Bind(2, Json(proposal)).Bind(3, proposal.Id).Bind(4, (long)from).Run();
        return connection.ChangeCount == 1;
    }

    // The price alone: what else was changed of the product meanwhile stays.
    private static bool SetPrice(Connection connection, string product, PriceChange change)
    {
        connection.Prepare("UPDATE products SET price = ? WHERE id = ? AND price = ? AND is_removed = 0")
            .Bind(1, ColumnValue.From((decimal?)change.After)).Bind(2, product).Bind(3, ColumnValue.From((decimal?)change.Before)).Run();
        return connection.ChangeCount == 1;
    }

    private static string Json(PriceProposal proposal) => JsonSerializer.Serialize(proposal with { Demand = [] });

    private static List<PriceProposal> Read(Statement rows, bool withDemand)
    {
        var proposals = new List<PriceProposal>();
        while (rows.Step())
        {
            PriceProposal proposal = JsonSerializer.Deserialize<PriceProposal>(rows.Text(0))!;
            proposals.Add(withDemand && rows.OptionalText(1) is { } demand ? proposal with { Demand = JsonSerializer.Deserialize<DemandPoint[]>(demand)! } : proposal);
        }

        rows.Reset();
        return proposals;
    }
}

/// <summary>Somebody else decided, or set a price, first.</summary>
internal sealed class PriceMovedException : Exception;
