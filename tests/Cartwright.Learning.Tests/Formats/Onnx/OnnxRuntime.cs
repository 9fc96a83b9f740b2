using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Cartwright.Learning.Formats.Onnx;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Formats.Onnx;

/// <summary>Microsoft's ONNX Runtime, asked for the numbers that ours are held against.</summary>
/// <remarks>
/// Its native library comes from the npm package onnxruntime-node by scripts/setup.sh. The functions stand in a table whose order is fixed
/// (OrtApi in onnxruntime_c_api.h); each gives back null or a status with a text.
/// </remarks>
internal static unsafe class OnnxRuntime
{
    private const int Float = 1, Int64 = 7, Bool = 9;

    private static readonly void** Api = Open();
    private static readonly nint Environment = MakeEnvironment();

    public static bool IsThere => Api != null;

    /// <summary>Why a test was skipped.</summary>
    public static string Missing => $"ONNX Runtime is not in {Folder}: scripts/setup.sh test puts it there with npm.";

    public static string Folder => Path.Combine(Root(), "artifacts", "onnxruntime");

    /// <summary>All outputs of a model.</summary>
    public static Dictionary<string, OnnxValue> Run(string path, IReadOnlyDictionary<string, OnnxValue> inputs)
    {
        nint options = 0, session = 0;
        Check(((delegate* unmanaged<nint*, nint>)Api[10])(&options));
        Check(((delegate* unmanaged<nint, int, nint>)Api[24])(options, 1));
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            Check(((delegate* unmanaged<nint, byte*, nint, nint*, nint>)Api[7])(Environment, name, options, &session));
        }

        nint memory = Memory();
        string[] inputNames = Names(session, 30, 36), outputNames = Names(session, 31, 37);
        Pinned[] given = [.. inputNames.Select(input => new Pinned(inputs[input], memory))];
        nint[] outputs = new nint[outputNames.Length], values = [.. given.Select(value => value.Handle)];
        using var inputTexts = new Texts(inputNames);
        using var outputTexts = new Texts(outputNames);
        fixed (nint* texts = inputTexts.Pointers, outputText = outputTexts.Pointers, value = values, output = outputs)
        {
            Check(((delegate* unmanaged<nint, nint, nint*, nint*, nuint, nint*, nuint, nint*, nint>)Api[9])(
                session, 0, texts, value, (nuint)values.Length, outputText, (nuint)outputs.Length, output));
        }

        var results = outputNames.Zip(outputs).ToDictionary(pair => pair.First, pair => Read(pair.Second));
        Array.ForEach(given, value => value.Dispose());
        Array.ForEach(outputs, output => Release(96, output));
        Release(94, memory);
        Release(95, session);
        Release(100, options);
        return results;
    }

    private static void** Open()
    {
        string library = Path.Combine(Folder, "libonnxruntime.so.1");
        if (!File.Exists(library) || !NativeLibrary.TryLoad(library, out nint handle))
        {
            return null;
        }

        nint* apiBase = ((delegate* unmanaged<nint*>)NativeLibrary.GetExport(handle, "OrtGetApiBase"))();
        return ((delegate* unmanaged<uint, void**>)apiBase[0])(17);
    }

    private static nint MakeEnvironment()
    {
        nint environment = 0;
        if (Api != null)
        {
            fixed (byte* name = "tests\0"u8)
            {
                Check(((delegate* unmanaged<int, byte*, nint*, nint>)Api[3])(3, name, &environment));
            }
        }

        return environment;
    }

    private static nint Memory()
    {
        nint memory = 0;
        Check(((delegate* unmanaged<int, int, nint*, nint>)Api[69])(0, 0, &memory));
        return memory;
    }

    private static string[] Names(nint session, int countIndex, int nameIndex)
    {
        nuint count = 0;
        nint allocator = 0;
        Check(((delegate* unmanaged<nint*, nint>)Api[78])(&allocator));
        Check(((delegate* unmanaged<nint, nuint*, nint>)Api[countIndex])(session, &count));
        string[] names = new string[count];
        for (int i = 0; i < names.Length; i++)
        {
            nint name = 0;
            Check(((delegate* unmanaged<nint, nuint, nint, nint*, nint>)Api[nameIndex])(session, (nuint)i, allocator, &name));
            names[i] = Marshal.PtrToStringUTF8(name)!;
            Check(((delegate* unmanaged<nint, nint, nint>)Api[76])(allocator, name));
        }

        return names;
    }

    private static OnnxValue Read(nint value)
    {
        nint info = 0;
        nuint rank = 0;
        int type = 0;
        void* data = null;
        Check(((delegate* unmanaged<nint, nint*, nint>)Api[65])(value, &info));
        Check(((delegate* unmanaged<nint, int*, nint>)Api[60])(info, &type));
        Check(((delegate* unmanaged<nint, nuint*, nint>)Api[61])(info, &rank));
        long[] sizes = new long[rank];
        fixed (long* size = sizes)
        {
            Check(((delegate* unmanaged<nint, long*, nuint, nint>)Api[62])(info, size, rank));
        }

        Check(((delegate* unmanaged<nint, void**, nint>)Api[51])(value, &data));
        Release(99, info);
        int[] shape = [.. sizes.Select(size => (int)size)];
        int count = Tensor.Product(shape);
        return type switch
        {
            Float => Tensor.From(new ReadOnlySpan<float>(data, count), shape),
            Int64 => OnnxValue.From(new ReadOnlySpan<long>(data, count), shape),
            Bool => OnnxValue.Whole64([.. new ReadOnlySpan<byte>(data, count).ToArray().Select(b => (long)b)], shape, isBoolean: true),
            _ => throw new NotSupportedException($"ONNX Runtime gave type {type}."),
        };
    }

    private static void Check(nint status)
    {
        if (status != 0)
        {
            string message = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint, nint>)Api[2])(status))!;
            Release(93, status);
            throw new InvalidOperationException("ONNX Runtime: " + message);
        }
    }

    private static void Release(int index, nint handle) => ((delegate* unmanaged<nint, void>)Api[index])(handle);

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../.."));

    /// <summary>A value of ours as one of theirs, over the same memory.</summary>
    private sealed class Pinned : IDisposable
    {
        private readonly GCHandle _data;

        public Pinned(OnnxValue value, nint memory)
        {
            Array data = value.IsFloat ? value.Tensor.ToArray() : value.IsBoolean ? Array.ConvertAll(value.Whole, number => (byte)number) : value.Whole;
            _data = GCHandle.Alloc(data, GCHandleType.Pinned);
            (int type, int size) = value.IsFloat ? (Float, 4) : value.IsBoolean ? (Bool, 1) : (Int64, 8);
            long[] sizes = [.. value.Shape.Select(axis => (long)axis)];
            nint handle = 0;
            fixed (long* shape = sizes)
            {
                Check(((delegate* unmanaged<nint, nint, nuint, long*, nuint, int, nint*, nint>)Api[49])(
                    memory, _data.AddrOfPinnedObject(), (nuint)(data.Length * size), shape, (nuint)sizes.Length, type, &handle));
            }

            Handle = handle;
        }

        public nint Handle { get; }

        public void Dispose()
        {
            Release(96, Handle);
            _data.Free();
        }
    }

    private sealed class Texts(string[] texts) : IDisposable
    {
        public nint[] Pointers { get; } = Array.ConvertAll(texts, Marshal.StringToCoTaskMemUTF8);

        public void Dispose() => Array.ForEach(Pointers, Marshal.FreeCoTaskMem);
    }
}

/// <summary>A test that asks ONNX Runtime, and says so where it is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnnxRuntimeTheoryAttribute : TheoryAttribute
{
    public OnnxRuntimeTheoryAttribute() => Skip = OnnxRuntime.IsThere ? null : OnnxRuntime.Missing;
}

/// <summary>A test that asks ONNX Runtime, and says so where it is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnnxRuntimeFactAttribute : FactAttribute
{
    public OnnxRuntimeFactAttribute() => Skip = OnnxRuntime.IsThere ? null : OnnxRuntime.Missing;
}
