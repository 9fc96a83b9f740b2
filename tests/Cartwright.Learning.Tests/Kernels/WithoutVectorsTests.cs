using System.Diagnostics;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace Cartwright.Learning.Tests.Kernels;

/// <summary>The kernel tests and the gradients of all layers and losses once more on lesser processors: without vectors at all, and with short ones.</summary>
public sealed class WithoutVectorsTests
{
    private const string Marker = "CARTWRIGHT_KERNEL_TESTS_EXPECT";

    [Theory]
    [InlineData("DOTNET_EnableHWIntrinsic", "none")]
    [InlineData("DOTNET_EnableAVX2", "short")]
    [InlineData("DOTNET_EnableAVX512", "medium")]
    public async Task Every_kernel_test_passes_on_a_lesser_processor(string setting, string expected)
    {
        if (Environment.GetEnvironmentVariable(Marker) is not null)
        {
            return;
        }

        using Process tests = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                "vstest",
                typeof(WithoutVectorsTests).Assembly.Location,
                "--TestCaseFilter:FullyQualifiedName~Cartwright.Learning.Tests.Kernels|FullyQualifiedName~Family",
            },
            Environment = { [setting] = "0", [Marker] = expected, ["DOTNET_TieredPGO"] = "0" },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = tests.StandardError.ReadToEndAsync();
        string output = await tests.StandardOutput.ReadToEndAsync();
        await tests.WaitForExitAsync();

        Assert.True(tests.ExitCode == 0, output + await errors);
    }

    [Fact]
    public void The_processor_is_the_one_asked_for()
    {
        switch (Environment.GetEnvironmentVariable(Marker))
        {
            case "none":
                Assert.False(Vector.IsHardwareAccelerated);
                Assert.False(Vector256.IsHardwareAccelerated);
                break;
            case "short":
                Assert.False(Vector256.IsHardwareAccelerated);
                break;
            case "medium":
                Assert.False(Vector512.IsHardwareAccelerated);
                break;
        }
    }
}
