using FedPure.Data.Random;

namespace FedPure.Data;

public class PhiloxTests
{
    [Fact]
    public void ZeroKeyAndCounterGiveThePublishedAnswer()
    {
        // Known-answer test of the Random123 distribution for philox4x32-10 with an all-zero counter and key.
        var stream = new Philox(0, 0);
        Assert.Equal([0x6627E8D5u, 0xE169C58Du, 0xBC57AC4Cu, 0x9B00DBD8u], [stream.Next(), stream.Next(), stream.Next(), stream.Next()]);
    }

    [Fact]
    public void OnesKeyAndCounterGiveThePublishedAnswer()
    {
        Philox.Block(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, out uint word0, out uint word1, out uint word2, out uint word3);
        Assert.Equal([0x408F276Du, 0x41C83B0Eu, 0xA20BC7C6u, 0x6D5451FDu], [word0, word1, word2, word3]);
    }

    [Fact]
    public void SeedsAreTensorFlowsKeyAndUpperCounter()
    {
        var stream = new Philox(1, 2);
        Assert.Equal([3878945999u, 2364392915u, 1057429302u, 168492509u], [stream.Next(), stream.Next(), stream.Next(), stream.Next()]);
    }

    [Fact]
    public void TheCounterCarriesIntoItsUpperHalf()
    {
        Philox.Block(5, ulong.MaxValue, 6, out uint before, out _, out _, out _);
        Philox.Block(5, 0, 7, out uint after, out _, out _, out _);
        Assert.NotEqual(before, after);
    }
}
