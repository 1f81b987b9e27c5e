using System.Text.Json;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>Conversations recorded with real implementations, replayed with the draws our side made then.</summary>
public sealed class TranscriptTests
{
    public static TheoryData<string> Recorded => new(VectorFile.Named("v?-*.json"));

    [Fact]
    public void All_thirteen_transcripts_are_there() => Assert.Equal(13, Recorded.Count);

    [Theory]
    [MemberData(nameof(Recorded))]
    public void A_recorded_conversation_replays_byte_for_byte(string file)
    {
        JsonElement transcript = VectorFile.Read(file);
        using var replay = new Replay(transcript);
        int number = 0;
        foreach (JsonElement step in transcript.GetProperty("steps").EnumerateArray())
        {
            replay.Run(step, $"{file} step {number}");
            number++;
        }

        Assert.True(number >= 58);
    }
}
