using Cartwright.Learning.Tests.Distributed;

namespace Cartwright.Learning.Tests;

/// <summary>What a test runs in processes of its own.</summary>
public static class Program
{
    /// <summary>"ranks" and the arguments of <see cref="RankProgram.Run"/>.</summary>
    public static int Main(string[] args) => args is ["ranks", .. string[] rest] ? RankProgram.Run(rest) : 2;
}
