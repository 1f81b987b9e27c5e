using System.Security.Cryptography;
using System.Text.Json;
using Relay.Shared.Signal.Kem;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Signal.Kem;

/// <summary>Project Wycheproof's ML-KEM tests (Vectors/README.md says which).</summary>
public sealed class MlKemVectorTests
{
    private static readonly JsonElement Sets = VectorFile.Read("mlkem-wycheproof.json").GetProperty("sets");

    public static TheoryData<string> Names => ["ML-KEM-512", "ML-KEM-768", "ML-KEM-1024"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_seed_gives_the_known_keys(string name)
    {
        MlKem set = Set(name);
        Assert.Equal(100, Each(name, "keyGen", test =>
        {
            byte[] seed = test.Hex("seed");
            byte[] key = new byte[set.EncapsulationKeyBytes];
            byte[] expanded = new byte[set.DecapsulationKeyBytes];
            set.WriteEncapsulationKey(seed, key);
            set.WriteDecapsulationKey(seed, expanded);

            Assert.Equal(test.Hex("ekSha3"), SHA3_256.HashData(key));
            Assert.Equal(test.Hex("dkSha3"), SHA3_256.HashData(expanded));
        }));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Encapsulation_gives_the_known_ciphertext_or_refuses_the_key(string name)
    {
        MlKem set = Set(name);
        Assert.InRange(Each(name, "encaps", test =>
        {
            byte[] ciphertext = new byte[set.CiphertextBytes];
            byte[] secret = new byte[32];
            bool good = set.TryEncapsulate(test.Hex("ek"), test.Hex("m"), ciphertext, secret);

            Assert.Equal(IsValid(test), good);
            Assert.Equal(good, set.IsEncapsulationKey(test.Hex("ek")));
            Assert.Equal(good ? test.Hex("K") : new byte[32], secret);
            if (good)
            {
                Assert.Equal(test.Hex("cSha3"), SHA3_256.HashData(ciphertext));
            }
        }), 40, 48);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decapsulation_gives_the_known_secret_or_that_of_implicit_rejection(string name)
    {
        MlKem set = Set(name);
        Assert.Equal(40, Each(name, "decaps", test =>
        {
            byte[] seed = test.Hex("seed");
            byte[] secret = new byte[32];
            bool good = seed.Length == MlKem.SeedBytes && set.TryDecapsulate(seed, test.Hex("c"), secret);

            Assert.Equal(IsValid(test), good);
            Assert.Equal(good ? test.Hex("K") : new byte[32], secret);
        }));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_expanded_key_is_checked_and_decapsulates(string name)
    {
        MlKem set = Set(name);
        Assert.Equal(9, Each(name, "expanded", test =>
        {
            byte[] secret = new byte[32];
            bool good = set.TryDecapsulateExpanded(test.Hex("dk"), test.Hex("c"), secret);

            Assert.Equal(IsValid(test), good);
            Assert.Equal(good ? test.Hex("K") : new byte[32], secret);
        }));
    }

    private static MlKem Set(string name) => MlKemTests.Sets.Single(set => set.Name == name);

    private static bool IsValid(JsonElement test) => test.Text("result") == "valid";

    private static int Each(string name, string kind, Action<JsonElement> check)
    {
        int count = 0;
        foreach (JsonElement test in Sets.GetProperty(name).GetProperty(kind).EnumerateArray())
        {
            try
            {
                check(test);
            }
            catch (Exception fault)
            {
                throw new InvalidDataException($"{name} {kind}, tcId {test.Number("tcId")}", fault);
            }

            count++;
        }

        return count;
    }
}
