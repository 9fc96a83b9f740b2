using System.Globalization;
using System.Text;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Storage.Sqlite;

/// <summary>Adds interactions inside a transaction, each id once.</summary>
/// <param name="cacheCapacity">See <see cref="Keys"/>.</param>
internal sealed class InteractionTable(Connection connection, int cacheCapacity)
{
    private const string Insert = """
        INSERT INTO interactions (id, id_hash, at, shopper, session, kind, product, quantity, price, query, position, value, sequence)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """;

    private readonly byte[] _id = new byte[CatalogRules.MaxIdLength * 3];
    private readonly Statement _insert = connection.Prepare(Insert);
    private readonly Statement _find = connection.Prepare("SELECT 1 FROM interactions WHERE id_hash = ? AND id = ?");
    private readonly ContentId _contentId = new();

    /// <summary>Number of the last interaction that was ever stored; numbers of deleted ones do not come again.</summary>
    public long LastSequence { get; private set; } = ReadLastSequence(connection);

    public Keys Products { get; } = new(connection, "products", cacheCapacity);

    public Keys Shoppers { get; } = new(connection, "shoppers", cacheCapacity);

    public Keys Sessions { get; } = new(connection, "sessions", cacheCapacity);

    /// <summary>The id it has, or the one its content gives it.</summary>
    public string IdOf(Interaction interaction) => interaction.Id ?? _contentId.Of(interaction);

    /// <param name="isKnownNew">True leaves out the look whether the id is there.</param>
    /// <returns>False where the id is there.</returns>
    public bool Add(string id, Interaction interaction, bool isKnownNew = false)
    {
        if (!isKnownNew && Exists(id, _find))
        {
            return false;
        }

        ReadOnlySpan<byte> text = _id.AsSpan(0, Encoding.UTF8.GetBytes(id, _id));
        long hash = ContentId.Hash(text);

        long? shopper = Shoppers.FindOrCreate(interaction.Shopper);
        long? session = Sessions.FindOrCreate(interaction.Session);
        long? product = Products.FindOrCreate(interaction.Product);
        _insert
            .Bind(1, text)
            .Bind(2, hash)
            .Bind(3, ColumnValue.From(interaction.At))
            .Bind(4, shopper)
            .Bind(5, session)
            .Bind(6, (long)interaction.Kind)
            .Bind(7, product)
            .Bind(8, interaction.Quantity)
            .Bind(9, ColumnValue.From(interaction.Price))
            .Bind(10, interaction.Query)
            .Bind(11, interaction.Position)
            .Bind(12, interaction.Value)
            .Bind(13, ++LastSequence)
            .Run();
        return true;
    }

    /// <param name="find">Looks for a hash and an id.</param>
    public bool Exists(string id, Statement find)
    {
        ReadOnlySpan<byte> text = _id.AsSpan(0, Encoding.UTF8.GetBytes(id, _id));
        bool exists = find.Bind(1, ContentId.Hash(text)).Bind(2, text).Step();
        find.Reset();
        return exists;
    }

    /// <summary>Keeps the last number although its interaction is about to be deleted.</summary>
    public static void KeepLastSequence(Connection connection) => connection
        .Prepare("INSERT INTO shop (name, value) VALUES ('last_sequence', ?1) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .Bind(1, ReadLastSequence(connection).ToString(CultureInfo.InvariantCulture))
        .Run();

    /// <param name="schema">The database it is asked of, where a connection has several.</param>
    public static long ReadLastSequence(Connection connection, string schema = "main") => connection.ReadInteger($"""
        SELECT MAX(COALESCE((SELECT MAX(sequence) FROM {schema}.interactions), 0),
            COALESCE((SELECT CAST(value AS INTEGER) FROM {schema}.shop WHERE name = 'last_sequence'), 0))
        """);
}
