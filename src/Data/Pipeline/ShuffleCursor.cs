using System.Numerics;
using System.Runtime.CompilerServices;
using FedPure.Data.Random;

namespace FedPure.Data.Pipeline;

/// <summary>
/// tf.data's shuffle: a ring buffer is filled up before every draw; the element drawn leaves, and the oldest one moves into its place. With reshuffling every
/// pass draws with a Philox stream whose two seeds come from the dataset's own stream, Philox(graph seed, operation seed); without, every pass draws with that
/// stream.
/// </summary>
internal sealed class ShuffleCursor(OrderCursor source, int bufferSize, ulong graphSeed, ulong operationSeed, bool reshuffle) : OrderCursor
{
    private readonly int[] _input = new int[64];
    private int[] _ring = new int[64];
    private Philox _seeds, _draws;
    private int _start, _held, _inputNext, _inputCount;

    public override bool IsAlikeEachPass => !reshuffle && source.IsAlikeEachPass;

    public override void Begin(int exampleCount, ClientDataset? client)
    {
        source.Begin(exampleCount, client);
        _seeds = new Philox(graphSeed, operationSeed);
    }

    public override void BeginPass()
    {
        source.BeginPass();
        _draws = reshuffle ? NextDraws() : _seeds;
        _start = _held = _inputNext = 0;
        _inputCount = ReadInput();
    }

    // AggressiveOptimization: while the JIT counts branches in a loop, threads fight over the counters, and two are slower than one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill()
    {
        while (_held < bufferSize && _inputCount > 0)
        {
            if (_held == _ring.Length) Grow();
            _ring[(_start + _held++) & (_ring.Length - 1)] = _input[_inputNext++];
            if (_inputNext < _inputCount) continue;
            _inputNext = 0;
            _inputCount = ReadInput();
        }
    }

    // The dataset's stream gives each pass two words.
    private Philox NextDraws()
    {
        ulong first = _seeds.Next(), second = _seeds.Next();
        return new Philox(first, second);
    }

    // TensorFlow reads one element at a time; to read ahead is the same, and faster, unless the source's passes differ.
    private int ReadInput() => source.Read(_input.AsSpan(0, source.IsAlikeEachPass ? _input.Length : 1));

    // The length stays a power of two, so that a place in the ring is a mask away.
    private void Grow()
    {
        var larger = new int[BitOperations.RoundUpToPowerOf2((uint)_ring.Length + 1)];
        for (int i = 0; i < _held; i++) larger[i] = _ring[(_start + i) & (_ring.Length - 1)];
        _ring = larger;
        _start = 0;
    }
}
