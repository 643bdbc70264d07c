using System.Globalization;
using CooperationApi.Resources;

namespace CooperationApi.Tests.Resources;

/// <summary>Spans of days as words: those that meet have one in common, and no others.</summary>
public sealed class DayTokenTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("2019-10-26", "2019-10-26", "all:2019-10-26 in:2 in:20 in:201 in:2019 in:2019-10 in:2019-10-26")]
    [InlineData("2019-02-01", "2019-02-28", "all:2019-02 in:2 in:20 in:201 in:2019 in:2019-02")]
    [InlineData("2020-01-01", "2029-12-31", "all:202 in:2 in:20 in:202")]
    public void A_record_has_few_words(string from, string to, string words) =>
        Assert.Equal(words.Split(' '), DayTokens.Of(from, to).Order(StringComparer.Ordinal));

    [Fact]
    public void Two_spans_have_a_word_in_common_if_and_only_if_they_meet()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var i = 0; i < 3000; i++)
        {
            var (record, asked) = (Span(), Span());
            var (from, to) = (i % 5 == 0 ? null : asked.From, i % 7 == 0 ? null : asked.To);
            var meet = string.CompareOrdinal(record.From, to ?? "9999-12-31") <= 0 && string.CompareOrdinal(record.To, from ?? "0001-01-01") >= 0;
            Assert.True(meet == DayTokens.Of(record.From, record.To).Intersect(DayTokens.Meeting(from, to)).Any(), $"{record} {from} {to}");
        }

        (string From, string To) Span()
        {
            var first = new DateOnly(2018, 1, 1).AddDays(random.Next(1500));
            var last = first.AddDays((int)Math.Pow(10, random.NextDouble() * 3.5) - 1);
            return random.Next(4) switch
            {
                0 => (Text(new(first.Year, 1, 1)), Text(new(last.Year, 12, 31))),
                1 => (Text(new(first.Year, first.Month, 1)), Text(new DateOnly(last.Year, last.Month, 1).AddMonths(1).AddDays(-1))),
                2 => (Text(first), Text(first)),
                _ => (Text(first), Text(last)),
            };
        }

        static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }
}
