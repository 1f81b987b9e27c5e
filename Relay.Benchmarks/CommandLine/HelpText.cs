namespace Relay.Benchmarks.CommandLine;

internal static class HelpText
{
    internal const string All = """
        ./relay bench [sections] [options]: measures Relay on this machine.

          SECTION          signal, seal, accept, e2e, transactions, burst, deletion, integrity, media or allocations; several may be named. Without one: all
          --only SECTION   the same
          --seconds N      length of one timed window, 1 to 600 (otherwise 5 for accept, 10 for e2e)
          --quick          short windows and one repetition: to see that it runs, not to quote
          --callers N      concurrent callers, 1 to 256 (otherwise 16)
          --json FILE      where the JSON goes (otherwise .relay/bench/latest.json); - is standard output, the table then goes to standard error
          --help           this

        The parts on storage need the settings RelayStorage and TransportStorage (./relay bench sets them, on Azurite);
        without them they are left out.

        """;
}
