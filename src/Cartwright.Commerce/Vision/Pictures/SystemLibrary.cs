using System.Runtime.InteropServices;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>A library of the system that reads one kind of picture, where it is installed.</summary>
/// <param name="file">As the loader knows it: "libwebp.so.7".</param>
/// <param name="package">Debian's package: "libwebp7".</param>
/// <param name="kind">What it reads: "WebP".</param>
internal sealed class SystemLibrary(string file, string package, string kind)
{
    private readonly nint _library = NativeLibrary.TryLoad(file, out nint library) ? library : 0;

    public bool IsInstalled => _library != 0;

    /// <exception cref="ImportFormatException">The library is not installed.</exception>
    public void ThrowUnlessInstalled(string picture)
    {
        if (!IsInstalled)
        {
            throw new ImportFormatException(picture, null, $"reading {kind} needs {file}, which is not installed. On Debian: apt-get install {package}.");
        }
    }

    public nint Symbol(string name) => NativeLibrary.GetExport(_library, name);
}
