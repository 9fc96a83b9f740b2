namespace Cartwright.Commerce.Search;

/// <summary>Takes the words of a text as they are read.</summary>
internal interface ITokenSink
{
    void Take(in Token token);
}

/// <param name="word">Folded; valid during the call.</param>
internal readonly ref struct Token(ReadOnlySpan<char> word, int position, int start, int end, int joinedCount)
{
    public ReadOnlySpan<char> Word { get; } = word;

    /// <summary>Words before it in the text, from 0. A joined word has the place of its first part.</summary>
    public int Position { get; } = position;

    /// <summary>Where it stands in the text.</summary>
    public int Start { get; } = start;

    public int End { get; } = end;

    /// <summary>Of a word that stands beside others, made of them or a part: how many of the words given before it are its parts. Else 0.</summary>
    public int JoinedCount { get; } = joinedCount;
}
