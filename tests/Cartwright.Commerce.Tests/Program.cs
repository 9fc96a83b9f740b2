using Cartwright.Commerce.Tests.Recommendation;

namespace Cartwright.Commerce.Tests;

/// <summary>What a test runs in processes of its own.</summary>
public static class Program
{
    /// <summary>"rank" and the file of <see cref="SharedTrainingTests.Train"/>.</summary>
    public static int Main(string[] args) => args is ["rank", string file] ? SharedTrainingTests.Train(file) : 2;
}
