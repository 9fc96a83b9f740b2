using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Writes WAV files: PCM of 16 bits, one channel.</summary>
internal static class WaveWriter
{
    private const int HeaderBytes = 44;

    public static byte[] Write(Waveform sound)
    {
        short[] pcm = sound.ToPcm();
        byte[] bytes = new byte[HeaderBytes + (pcm.Length * sizeof(short))];
        Span<byte> to = bytes;
        "RIFF"u8.CopyTo(to);
        BinaryPrimitives.WriteInt32LittleEndian(to[4..], bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(to[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(to[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(to[20..], 1);    // PCM
        BinaryPrimitives.WriteInt16LittleEndian(to[22..], 1);    // one channel
        BinaryPrimitives.WriteInt32LittleEndian(to[24..], sound.Rate);
        BinaryPrimitives.WriteInt32LittleEndian(to[28..], sound.Rate * sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(to[32..], sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(to[34..], 16);
        "data"u8.CopyTo(to[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(to[40..], pcm.Length * sizeof(short));
        Span<byte> sounds = to[HeaderBytes..];
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes<short>(pcm).CopyTo(sounds);
            return bytes;
        }

        for (int i = 0; i < pcm.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(sounds[(i * sizeof(short))..], pcm[i]);
        }

        return bytes;
    }
}
