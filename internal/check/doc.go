// Package check tries, from the machine that it runs on, what a gateway needs: names, ways through firewalls and proxies, TLS,
// the service, data stores, other nodes, and the machine itself. The product need not work, nor even be there.
//
// A [Plan] says what is tried; [Plan.Run] tries it, side by side and within limits, and gives a [Report]. Each [Result] names the
// layer in which something fails, what was seen, and what to do, in the sentences of package words. All of it only reads: nothing is
// logged in to, at most two connections are open to one host at a time, and credentials go to nobody but the proxy that the user named.
package check
