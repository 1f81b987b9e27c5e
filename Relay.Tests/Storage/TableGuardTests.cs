using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Storage;

public sealed class TableGuardTests
{
    public static TheoryData<object> BadValues =>
        [1.5, 1u, 'c', Guid.Empty, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTimeOffset(1600, 12, 31, 0, 0, 0, TimeSpan.Zero), new int[1]];

    [Theory]
    [InlineData("lookup")]
    [InlineData("dek")]
    [InlineData("T1")]
    [InlineData("a")]
    [InlineData("1table")]
    [InlineData("with-hyphen")]
    [InlineData("ünicode")]
    [InlineData("")]
    public void A_table_name_is_3_to_63_letters_and_digits(string name)
    {
        bool isGood = name is "lookup" or "dek";
        Assert.Equal(isGood, Record.Exception(() => TableGuard.CheckTable(name)) is null);
    }

    [Fact]
    public void Every_name_we_use_is_good()
    {
        Assert.All([.. TableNames.OfRelay, .. TableNames.OfTransport], TableGuard.CheckTable);
        Assert.All([.. QueueNames.OfRelay, .. QueueNames.OfTransport], QueueGuard.CheckQueue);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\tb")]
    [InlineData("a\nb")]
    [InlineData("a\0")]
    [InlineData("\u007f")]
    [InlineData("\u0080")]
    [InlineData("\u009f")]
    public void A_key_has_no_forbidden_character(string key)
    {
        ArgumentException refused = Assert.ThrowsAny<ArgumentException>(() => TableGuard.CheckKey(key));
        Assert.True(key.Length < 3 || !refused.Message.Contains(key, StringComparison.Ordinal), "A key was told in a message.");
    }

    [Fact]
    public void A_key_has_at_most_512_characters()
    {
        TableGuard.CheckKey(new string('k', 512));
        Assert.Throws<ArgumentException>(() => TableGuard.CheckKey(new string('k', 513)));
        TableGuard.CheckKey("S");
        TableGuard.CheckKey("W:abc-def_ghi=:delivered %'\"\u00a0漢");
    }

    [Theory]
    [MemberData(nameof(BadValues))]
    public void A_column_has_a_type_that_a_table_holds(object value) =>
        Assert.Throws<ArgumentException>(() => Check(TableWrite.Insert("r", Columns.Of("A", value))));

    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("a-b")]
    [InlineData("a.b")]
    [InlineData("odata.etag")]
    [InlineData("PartitionKey")]
    [InlineData("RowKey")]
    [InlineData("Timestamp")]
    [InlineData("ETag")]
    [InlineData("ü")]
    public void A_column_name_is_an_identifier_and_not_the_service_s_own(string name) =>
        Assert.Throws<ArgumentException>(() => Check(TableWrite.Insert("r", Columns.Of(name, 1))));

    [Fact]
    public void A_row_has_at_most_252_columns()
    {
        Check(TableWrite.Insert("r", Many(252)));
        Assert.Throws<ArgumentException>(() => Check(TableWrite.Insert("r", Many(253))));

        static Dictionary<string, object> Many(int count) => Enumerable.Range(0, count).ToDictionary(i => $"C{i}", i => (object)i);
    }

    [Fact]
    public void A_row_has_at_most_1_MiB_by_the_service_s_formula()
    {
        // 4 + 2 × (1 + 1) for the keys; each column 8 + 2 × 3 for its name and 4 for its length.
        Dictionary<string, object> columns = Enumerable.Range(10, 16).ToDictionary(i => $"C{i}", _ => (object)new byte[64 * 1024]);
        columns["C25"] = new byte[(64 * 1024) - 8 - (16 * 18)];
        Check(TableWrite.Insert("r", columns));
        columns["C25"] = new byte[(64 * 1024) - 8 - (16 * 18) + 1];
        Assert.Throws<ArgumentException>(() => Check(TableWrite.Insert("r", columns)));
    }

    [Fact]
    public void A_commit_is_bounded_by_the_size_of_its_JSON()
    {
        // 36 columns of 60 KiB are 80 KiB each in base64: 2.8 MiB; 40 are 3.1 MiB.
        Check(Rows(4, 9));
        Assert.Throws<ArgumentException>(() => Check(Rows(5, 8)));

        static TableWrite[] Rows(int count, int chunks) =>
            [.. Enumerable.Range(0, count).Select(i => TableWrite.Upsert($"r{i}", Enumerable.Range(0, chunks).ToDictionary(c => $"C{c}", _ => (object)new byte[60 * 1024])))];
    }

    [Fact]
    public void Text_that_JSON_escapes_counts_six_times()
    {
        Check(Rows('a'));
        Assert.Throws<ArgumentException>(() => Check(Rows('ü')));

        static TableWrite[] Rows(char c) =>
            [.. Enumerable.Range(0, 20).Select(i => TableWrite.Upsert($"r{i}", Columns.Of("A", new string(c, 32 * 1024))))];
    }

    [Fact]
    public void A_row_is_written_once_in_a_commit()
    {
        TableWrite a = TableWrite.Upsert("a", Columns.Of("A", 1));
        Check(a, TableWrite.Upsert("A", Columns.Of("A", 1)));
        Assert.Throws<ArgumentException>(() => Check(a, TableWrite.Upsert("b", Columns.Of("A", 1)), TableWrite.Delete("a", null)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("\"abc\"")]
    [InlineData("W/\"")]
    public void An_etag_is_what_was_read(string etag) => Assert.Throws<ArgumentException>(() => Check(TableWrite.Delete("r", etag)));

    [Fact]
    public void A_commit_has_1_to_100_writes()
    {
        Assert.Throws<ArgumentException>(() => Check());
        Check([.. Enumerable.Range(0, 100).Select(i => TableWrite.Delete($"r{i}", "*"))]);
        Assert.Throws<ArgumentException>(() => Check([.. Enumerable.Range(0, 101).Select(i => TableWrite.Delete($"r{i}", "*"))]));
    }

    private static void Check(params TableWrite[] writes) => TableGuard.CheckCommit("p", writes);
}
