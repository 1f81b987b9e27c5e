using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Hosting;
using Relay.Shared.Primitives;
using Relay.Shared.RoleCalls;
using Relay.Shared.Sealing;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
using Relay.Shared.Transport.Client;
using Relay.Tests.Signal;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Conventions;

/// <summary>A secret has one way out, and it is a word one can search for (style.md §1.7).</summary>
public sealed partial class SecretTests
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private const string Marker = "marker-7f3a";
    private const string Digits = "491571234567";

    /// <summary>What must never be printed as the member of something else.</summary>
    private static readonly HashSet<Type> SecretTypes =
        [typeof(Secret), typeof(SecretBytes), typeof(KeyPair), typeof(IdentityKeyPair), typeof(SignedPreKeyPair), typeof(PreKeyPair), typeof(KyberKeyPair), typeof(KyberPreKeyPair), typeof(SessionRecord), typeof(AccessToken), typeof(DeviceCredential)];

    /// <summary>Members that are called like personal data and are none: keyed hashes, names of keys and functions, a number that is masked already.</summary>
    private static readonly HashSet<string> NotPersonal =
    [
        "Relay.Shared.Transport.Pushes.PushReference.Recipient", "Relay.Shared.Idempotency.KeyedRequest.Name", "Relay.Shared.Sealing.StoredKey.Name", "Relay.Shared.Sealing.KeyPlace.Name",
        "Relay.Shared.Proof.SignatureAnswer.Value", "Relay.LocalHost.FunctionDefinition.Name", "Relay.Phone.PhoneStatus.Number",
    ];

    public static TheoryData<string> Bearers => [.. Samples().Keys];

    [Theory]
    [MemberData(nameof(Bearers))]
    public void A_bearer_of_secrets_prints_none_and_refuses_to_become_json(string name)
    {
        object bearer = Samples()[name];
        AssertSilent(bearer.ToString());
        AssertSilent($"{bearer}");
        AssertSilent(bearer.GetType().GetCustomAttribute<DebuggerDisplayAttribute>()?.Value);
        Assert.Throws<JsonException>(() => JsonSerializer.Serialize(bearer, bearer.GetType()));
        Assert.Throws<JsonException>(() => JsonSerializer.Serialize(new Dictionary<string, object> { ["x"] = bearer }));
    }

    [Fact]
    public void A_secret_type_is_a_sealed_class_and_no_record()
    {
        Findings.None(SecretTypes.Where(type => !type.IsClass || !type.IsSealed || Production.IsRecord(type)).Select(type => type.Name));
        Findings.None(SecretTypes.Where(type => type.GetMethod(nameof(ToString), Type.EmptyTypes)?.DeclaringType != type).Select(type => type.Name));
    }

    [Fact]
    public void A_record_with_a_secret_says_itself_what_it_prints() => Findings.None(
        from type in Production.Types
        where Production.IsRecord(type) && !SaysItself(type)
        from property in type.GetProperties(Any)
        where IsSecret(property)
        select $"{type.FullName}.{property.Name}");

    /// <summary>What users write and who they are, by the names that members have for it. Bytes print their type only.</summary>
    [Fact]
    public void A_record_with_personal_data_says_itself_what_it_prints() => Findings.None(
        from type in Production.Types
        where Production.IsRecord(type) && !SaysItself(type)
        from property in type.GetProperties(Any)
        where property.PropertyType == typeof(string) && PersonalName().IsMatch(property.Name)
        let name = $"{type.FullName}.{property.Name}"
        where !NotPersonal.Contains(name)
        select name);

    [Fact]
    public void Nothing_turns_into_text_or_bytes_by_itself() => Findings.None(
        from type in Production.Types
        from method in type.GetMethods(Any)
        where method.Name == "op_Implicit"
        where method.ReturnType == typeof(string) || method.ReturnType == typeof(byte[]) || method.ReturnType == typeof(ReadOnlySpan<byte>) || method.ReturnType == typeof(ReadOnlySpan<char>) || method.ReturnType == typeof(ReadOnlyMemory<byte>)
        select $"{type.FullName} to {method.ReturnType.Name}");

    [Fact]
    public void Options_hold_secrets_as_secrets() => Findings.None(
        from type in Production.Types
        where type.Name.EndsWith("Options", StringComparison.Ordinal) || type.Name.EndsWith("Settings", StringComparison.Ordinal)
        from property in type.GetProperties(Any)
        where (property.PropertyType == typeof(string) || property.PropertyType == typeof(byte[])) && SecretName().IsMatch(property.Name)
        select $"{type.FullName}.{property.Name}");

    /// <summary>Somebody who compares secrets with == would leak where they differ.</summary>
    [Fact]
    public void Secrets_have_no_equality_of_their_own() => Findings.None(
        from type in new[] { typeof(Secret), typeof(SecretBytes), typeof(AccessToken), typeof(DeviceCredential) }
        from method in type.GetMethods(Any)
        where method.Name is "op_Equality" or nameof(Equals)
        select type.Name);

    [Fact]
    public void A_number_prints_its_last_two_digits_only()
    {
        Assert.True(PhoneNumber.TryParse(Digits, out PhoneNumber? number));
        Assert.Equal("…67", number.ToString());
        Assert.Equal("{ToString(),nq}", typeof(PhoneNumber).GetCustomAttribute<DebuggerDisplayAttribute>()?.Value);
    }

    private static bool IsSecret(PropertyInfo property) =>
        SecretTypes.Contains(property.PropertyType)
        || ((property.PropertyType == typeof(string) || property.PropertyType == typeof(byte[])) && SecretName().IsMatch(property.Name));

    private static bool SaysItself(Type type) =>
        type.GetMethod(nameof(ToString), Type.EmptyTypes) is { } method && method.DeclaringType == type && !method.IsDefined(typeof(CompilerGeneratedAttribute), false);

    private static void AssertSilent(string? text)
    {
        Assert.DoesNotContain(Marker, text ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain(Digits[..6], text ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain("rly_live_", text ?? "", StringComparison.Ordinal);
    }

    private static Dictionary<string, object> Samples()
    {
        PhoneNumber number = PhoneNumber.TryParse(Digits, out PhoneNumber? parsed) ? parsed : throw new FormatException();
        Secret secret = new(Marker);
        DeviceCredential credential = new(number, secret);
        BusinessId business = BusinessId.Create();
        IdentityKeyPair identity = IdentityKeyPair.Generate();
        SessionRecord record = Party.Acquainted().Alice.Record() ?? throw new InvalidDataException();
        return new Dictionary<string, object>
        {
            [nameof(Secret)] = secret,
            [nameof(SecretBytes)] = SecretBytes.CopyOf("marker-7f3a"u8),
            [nameof(KeyLease)] = new SharedKey(SecretBytes.CopyOf("marker-7f3a"u8)).Lend(),
            ["Sensitive text"] = new Sensitive<string>(Marker),
            ["Sensitive bytes"] = new Sensitive<byte[]>([1, 2, 3]),
            [nameof(PhoneNumber)] = number,
            [nameof(KeyPair)] = KeyPair.Generate(),
            [nameof(IdentityKeyPair)] = identity,
            [nameof(SignedPreKeyPair)] = SignedPreKeyPair.Generate(identity, 1),
            [nameof(PreKeyPair)] = PreKeyPair.Generate(1),
            [nameof(KyberKeyPair)] = KyberKeyPair.Generate(),
            [nameof(KyberPreKeyPair)] = KyberPreKeyPair.Generate(identity, 1),
            [nameof(SessionRecord)] = record,
            [nameof(SessionContent)] = new SessionContent(PhoneNumberId.Create(), number, record),
            [nameof(AccessToken)] = AccessToken.Create(business),
            [nameof(DeviceCredential)] = credential,
            [nameof(Subscription)] = new Subscription(new Uri("https://a.example/"), secret),
            [nameof(RelayAddresses)] = new RelayAddresses(new Uri("https://a.example/"), new RoleSigner(new RoleKeys(secret), TimeProvider.System)),
            [nameof(RoleKeys)] = new RoleKeys(secret),
            [nameof(Business)] = new Business { Id = business, Waba = WabaId.Create(), AppId = "1", Name = new Sensitive<string>(Marker), AppSecret = secret },
            [nameof(OutboundMessage)] = new OutboundMessage { Id = EnvelopeId.Create(), State = OutboundState.Committed, TellsStatus = true, To = number, CallbackData = Marker },
            [nameof(BusinessNumber)] = new BusinessNumber
            {
                Business = business,
                Id = PhoneNumberId.Create(),
                Number = number,
                VerifiedName = Marker,
                Identity = identity,
                RegistrationId = 1,
                PushSecret = SecretBytes.Random(32),
                Credential = credential,
            },
            [nameof(RelayOptions)] = new RelayOptions
            {
                Region = "r",
                PublicBaseUrl = new Uri("https://a.example/"),
                TransportBaseUrl = new Uri("https://a.example/"),
                RegistrationKey = secret,
            },
            [nameof(ManagerOptions)] = new ManagerOptions { AdminToken = secret, OperatorKey = secret },
        };
    }

    [GeneratedRegex("^(Text|MessageText|Body|Content|Plaintext|Payload|To|From|Peer|Sender|Recipient|WaId|Input|Number|PhoneNumber|DisplayPhoneNumber|Digits|Caption|Profile|Name|VerifiedName|CallbackData|Callback|CallbackUrl|Value)$")]
    private static partial Regex PersonalName();

    [GeneratedRegex("(Secret|Token|Password|Passphrase|Credential|PrivateKey|RegistrationKey|OperatorKey|ConnectionString|AccountKey)$")]
    private static partial Regex SecretName();
}
