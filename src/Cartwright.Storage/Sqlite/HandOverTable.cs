using System.Text.Json;
using Cartwright.Commerce.Assistant;

namespace Cartwright.Storage.Sqlite;

/// <summary>Conversations that wait for a person. Each method that writes is called inside a transaction.</summary>
internal static class HandOverTable
{
    /// <returns>Always true: something was written.</returns>
    public static bool Put(Connection connection, HandOver handOver)
    {
        connection.Prepare("INSERT OR REPLACE INTO handovers (id, at, shopper, session, closed_at, json) VALUES (?, ?, ?, ?, ?, ?)")
            .Bind(1, handOver.Id)
            .Bind(2, ColumnValue.From(handOver.At))
            .Bind(3, handOver.ShopperId)
            .Bind(4, handOver.SessionId)
            .Bind(5, ColumnValue.From(handOver.ClosedAt))
            .Bind(6, JsonSerializer.Serialize(handOver))
            .Run();
        return true;
    }

    public static HandOver? Find(Connection connection, string id)
        => Read(connection.Prepare("SELECT json FROM handovers WHERE id = ?").Bind(1, id)).SingleOrDefault();

    /// <summary>Newest first.</summary>
    public static IReadOnlyList<HandOver> List(Connection connection, bool withClosed, int count)
        => Read(connection.Prepare($"SELECT json FROM handovers {(withClosed ? "" : "WHERE closed_at IS NULL ")}ORDER BY at DESC, id DESC LIMIT ?").Bind(1, count));

    private static List<HandOver> Read(Statement rows)
    {
        var handOvers = new List<HandOver>();
        while (rows.Step())
        {
            handOvers.Add(JsonSerializer.Deserialize<HandOver>(rows.Text(0))!);
        }

        rows.Reset();
        return handOvers;
    }
}
