namespace Relay.Load.CommandLine;

internal static class LoadHelp
{
    internal const string All = """
        ./relay load [options]    drives Relay with real devices at the other end and counts what came of it
        ./relay chaos [options]   the same, each way, while the Relay process is killed (SIGKILL) every 2 to 10 s and started again

          --rate N       messages a second (otherwise 20); each way with --each-way, and with chaos
          --minutes M    how long (otherwise 1); fractions are allowed
          --users U      how many devices (otherwise 6.6 for each message a second, so that no user gets more than one in 6 s)
          --json         the report as JSON on standard output
          --keep         leave the data under .relay/

        load only
          --each-way     users write as often as the business does
          --memory       storage in memory instead of Azurite
          --find         looks for the highest rate that this machine sustains, then confirms it for the given minutes (also --rate max)

        chaos only   (every other message of the business carries an Idempotency-Key, and must come once however often its call is repeated)
          --seed S       of the times of the kills (otherwise 1)
          --split        the three roles as three processes, of which any one is killed

        Exit code 1: something accepted was lost, came out too often, was told differently the second time, or a counter of a ratchet
        carried two plaintexts; with chaos also when a recovery took more than 30 s.

        """;
}
