using System.Numerics;
using FedPure.Data.Random;

namespace FedPure.Data.Pipeline;

/// <summary>
/// tf.data's shuffle with reshuffling: a ring buffer is filled up before every draw; the element drawn leaves, and the oldest one moves into its place. Every
/// pass draws with a Philox stream whose two seeds come from the dataset's own stream, Philox(87654321, seed mod 2^31 - 1).
/// </summary>
internal sealed class ShuffleCursor(OrderCursor source, int bufferSize, long seed) : OrderCursor
{
    // TensorFlow's stand-in for a global seed that was never set.
    private const ulong DefaultGraphSeed = 87654321;

    private const long PythonSeedModulus = int.MaxValue;

    private readonly int[] _input = new int[64];
    private int[] _ring = new int[64];
    private Philox _seeds, _draws;
    private int _start, _held, _inputNext, _inputCount;

    public override void Begin(int exampleCount)
    {
        source.Begin(exampleCount);
        _seeds = new Philox(DefaultGraphSeed, (ulong)((seed % PythonSeedModulus + PythonSeedModulus) % PythonSeedModulus));
    }

    public override void BeginPass()
    {
        source.BeginPass();
        ulong first = _seeds.Next(), second = _seeds.Next();
        _draws = new Philox(first, second);
        _start = _held = _inputNext = 0;
        _inputCount = source.Read(_input);
    }

    public override int Read(Span<int> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            Fill();
            if (_held == 0) return i;
            int mask = _ring.Length - 1, offset = (int)(_draws.Next() % (uint)_held), drawn = (_start + offset) & mask;
            destination[i] = _ring[drawn];
            _ring[drawn] = _ring[_start & mask];
            _start = (_start + 1) & mask;
            _held--;
        }

        return destination.Length;
    }

    private void Fill()
    {
        while (_held < bufferSize && _inputCount > 0)
        {
            if (_held == _ring.Length) Grow();
            _ring[(_start + _held++) & (_ring.Length - 1)] = _input[_inputNext++];
            if (_inputNext < _inputCount) continue;
            _inputNext = 0;
            _inputCount = source.Read(_input);
        }
    }

    // The length stays a power of two, so that a place in the ring is a mask away.
    private void Grow()
    {
        var larger = new int[BitOperations.RoundUpToPowerOf2((uint)_ring.Length + 1)];
        for (int i = 0; i < _held; i++) larger[i] = _ring[(_start + i) & (_ring.Length - 1)];
        _ring = larger;
        _start = 0;
    }
}
