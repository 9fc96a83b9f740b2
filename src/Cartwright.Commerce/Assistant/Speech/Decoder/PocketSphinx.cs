using System.Runtime.InteropServices;
using System.Text;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>The decoder of the system: PocketSphinx 5prealpha with its model of English, where both are installed.</summary>
/// <remarks>
/// Huggins-Daines et al., "PocketSphinx: A Free, Real-Time Continuous Speech Recognition System for Hand-Held Devices", ICASSP 2006. Called straight
/// from C#; one decoder hears one recording at a time.
/// </remarks>
internal sealed unsafe class PocketSphinx : IDisposable
{
    private const string Library = "libpocketsphinx.so.3";
    private const string BaseLibrary = "libsphinxbase.so.3";
    private const string ModelFolder = "/usr/share/pocketsphinx/model/en-us";
    private const string NoFile = "/dev/null";
    private const string Search = "shop";

    private static readonly nint Decoder = Load(Library);
    private static readonly nint Base = Load(BaseLibrary);

    private readonly nint _decoder;
    private readonly OwnedDecoder _owned;
    private readonly Lock _hearing = new();

    /// <param name="grammar">What can be said, in JSGF.</param>
    /// <param name="dictionary">A file of words and their sounds: only these can be heard.</param>
    /// <exception cref="InvalidOperationException">The decoder refuses the grammar or the dictionary.</exception>
    public PocketSphinx(string grammar, string dictionary)
        : this(dictionary, [])
    {
        fixed (byte* name = Bytes(Search), text = Bytes(grammar))
        {
            if (((delegate* unmanaged<nint, byte*, byte*, int>)Symbol("ps_set_jsgf_string"))(_decoder, name, text) != 0
                || ((delegate* unmanaged<nint, byte*, int>)Symbol("ps_set_search"))(_decoder, name) != 0)
            {
                Dispose();
                throw new InvalidOperationException("The decoder refuses the grammar.");
            }
        }
    }

    private PocketSphinx(string dictionary, string[] more)
    {
        byte[][] words = [.. ((string[])["cartwright", "-hmm", Path.Combine(ModelFolder, "en-us"), "-dict", dictionary, "-logfn", NoFile, .. more]).Select(Bytes)];
        nint arguments;
        GCHandle[] held = [.. words.Select(word => GCHandle.Alloc(word, GCHandleType.Pinned))];
        try
        {
            nint[] pointers = [.. held.Select(handle => handle.AddrOfPinnedObject())];
            nint known = ((delegate* unmanaged<nint>)Symbol("ps_args"))();
            fixed (nint* all = pointers)
            {
                arguments = ((delegate* unmanaged<nint, nint, int, nint*, int, nint>)NativeLibrary.GetExport(Base, "cmd_ln_parse_r"))(0, known, pointers.Length, all, 1);
            }
        }
        finally
        {
            foreach (GCHandle handle in held)
            {
                handle.Free();
            }
        }

        _decoder = arguments == 0 ? 0 : ((delegate* unmanaged<nint, nint>)Symbol("ps_init"))(arguments);
        _owned = new OwnedDecoder(_decoder, arguments);
        if (_decoder == 0)
        {
            Dispose();
            throw new InvalidOperationException("The decoder can't be started with this dictionary and language model.");
        }
    }

    /// <summary>Starts the decoder with a language model.</summary>
    /// <param name="model">A file in ARPA's format.</param>
    /// <param name="dictionary">A file of words and their sounds.</param>
    public static PocketSphinx WithLanguageModel(string model, string dictionary) => new(dictionary, ["-lm", model]);

    public static bool IsInstalled => Missing is null;

    /// <summary>What is missing and how to have it; null where all is there.</summary>
    public static string? Missing =>
        Decoder == 0 || Base == 0 ? $"{Library} is not installed. On Debian: apt-get install libpocketsphinx3 pocketsphinx-en-us."
        : !Directory.Exists(Path.Combine(ModelFolder, "en-us")) ? $"the decoder's model of English is not in {ModelFolder}. On Debian: apt-get install pocketsphinx-en-us."
        : null;

    /// <summary>How the words of English are said, as the decoder's package has it.</summary>
    public static string Dictionary => Path.Combine(ModelFolder, "cmudict-en-us.dict");

    /// <returns>The words, and each with the decoder's own confidence.</returns>
    public HeardText Hear(Waveform sound)
    {
        short[] pcm = sound.ForSpeech().ToPcm();
        lock (_hearing)
        {
            ((delegate* unmanaged<nint, int>)Symbol("ps_start_utt"))(_decoder);
            fixed (short* samples = pcm)
            {
                ((delegate* unmanaged<nint, short*, nuint, int, int, int>)Symbol("ps_process_raw"))(_decoder, samples, (nuint)pcm.Length, 0, 1);
            }

            ((delegate* unmanaged<nint, int>)Symbol("ps_end_utt"))(_decoder);
            return Words();
        }
    }

    public void Dispose() => _owned.Dispose();

    private HeardText Words()
    {
        var words = new List<HeardWord>();
        nint logarithms = ((delegate* unmanaged<nint, nint>)Symbol("ps_get_logmath"))(_decoder);
        for (nint at = ((delegate* unmanaged<nint, nint>)Symbol("ps_seg_iter"))(_decoder); at != 0; at = ((delegate* unmanaged<nint, nint>)Symbol("ps_seg_next"))(at))
        {
            string word = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint, nint>)Symbol("ps_seg_word"))(at)) ?? "";
            int first, last, sounds, language, backOff;
            ((delegate* unmanaged<nint, int*, int*, void>)Symbol("ps_seg_frames"))(at, &first, &last);
            if (word.Length > 0 && word[0] is not ('<' or '[' or '(' or '+'))           // silence and noises
            {
                const double FramesPerSecond = 100;
                int variant = word.IndexOf('(', StringComparison.Ordinal);              // "a(2)" is another way to say "a"
                int log = ((delegate* unmanaged<nint, int*, int*, int*, int>)Symbol("ps_seg_prob"))(at, &sounds, &language, &backOff);
                double chance = ((delegate* unmanaged<nint, int, double>)NativeLibrary.GetExport(Base, "logmath_exp"))(logarithms, log);
                words.Add(new HeardWord(variant < 0 ? word : word[..variant], Math.Clamp(chance, 0, 1), first / FramesPerSecond, (last + 1) / FramesPerSecond));
            }
        }

        return new HeardText(words);
    }

    private static nint Load(string library) => NativeLibrary.TryLoad(library, out nint loaded) ? loaded : 0;

    private static nint Symbol(string name) => NativeLibrary.GetExport(Decoder, name);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text + '\0');

    /// <summary>Frees the decoder once nobody holds it: one that is replaced may still be hearing somebody.</summary>
    private sealed class OwnedDecoder : SafeHandle
    {
        private readonly nint _arguments;

        public OwnedDecoder(nint decoder, nint arguments)
            : base(0, ownsHandle: true) => (handle, _arguments) = (decoder, arguments);

        public override bool IsInvalid => handle == 0 && _arguments == 0;

        protected override bool ReleaseHandle()
        {
            if (handle != 0)
            {
                ((delegate* unmanaged<nint, int>)Symbol("ps_free"))(handle);
            }

            if (_arguments != 0)
            {
                ((delegate* unmanaged<nint, int>)NativeLibrary.GetExport(Base, "cmd_ln_free_r"))(_arguments);
            }

            return true;
        }
    }
}
